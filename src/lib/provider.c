/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/provider.h. */
#include "lib/provider.h"
#include "engine/load/lookup.h"
#include "lib/environment.h"
#include "read/root.h"

#include <stdio.h>
#include <string.h>

void provider_init(struct provider *provider, struct abifit_system *system,
		   const struct input_file *file)
{
	*provider = (struct provider){ .system = system, .file = file };
}

/* The libraries that the file needs, as the loader would find them in the system. */
static int load(struct provider *p)
{
	static const struct forecast_options options = { 0 };
	struct loader *loader;
	int r = environment_read(p->system->context, NULL, &p->environment);

	if (!r)
		r = system_loader(p->system, p->file->image, p->environment.cwd, &loader);
	if (!r)
		r = environment_for(p->system->context, NULL, loader->machine, &p->environment);
	if (r)
		return r;
	p->glibc = loader->kind == LIBC_GLIBC ? loader->version : 0;
	p->forecast = (struct forecast){
		.input = p->file->path,
		.image = p->file->image,
		.path = p->file->inside,
		.origin = p->file->origin,
	};
	r = forecaster_init(&p->forecaster, p->system->source, loader, &p->environment);
	if (!r)
		r = forecast_load(&p->forecaster, &p->forecast, &options);
	p->known = !r;
	return r == -E2BIG ? 0 : r;
}

static void load_once(struct provider *p)
{
	if (!p->tried) {
		p->tried = true;
		p->error = load(p);
	}
}

uint32_t provider_glibc(struct provider *p)
{
	load_once(p);
	return p->glibc;
}

bool provider_knows_all(struct provider *p)
{
	uint32_t i;

	load_once(p);
	for (i = 1; p->known && i < p->forecast.closure.objects.count; i++) {
		const struct object *o = &p->forecast.closure.objects.items[i];

		if (!o->image && !o->is_preload)
			return false;
	}
	return p->known;
}

const char *provider_find(struct provider *p, const char *name, const char *version)
{
	struct lookup_rules rules = { LIBC_GLIBC, p->forecaster.search.version };
	struct query_symbol query = {
		.name = name,
		.gnu_hash = gnu_hash(name),
		.version = version,
		.version_hash = version ? sysv_hash(version) : 0,
	};
	uint32_t i;

	load_once(p);
	for (i = 1; p->known && i < p->forecast.closure.objects.count; i++) {
		const struct object *o = &p->forecast.closure.objects.items[i];
		struct symbol s;

		/* The system's own copy of the library, in a circle of needs, is what NEW replaces.
		 */
		if (o->image && o->image->soname && p->file->image->soname &&
		    !strcmp(o->image->soname, p->file->image->soname))
			continue;
		if (!o->image || image_load_versions(o->image) == -ENOMEM)
			continue;
		if (lookup_symbol(o->image, &query, &rules, &s) && s.section != SHN_UNDEF)
			return o->path;
	}
	return NULL;
}

static bool defines(struct image *image, const char *name)
{
	struct lookup_rules rules = { LIBC_GLIBC, 0 };
	struct query_symbol query = { .name = name, .gnu_hash = gnu_hash(name) };
	struct symbol s;

	return image_load_versions(image) != -ENOMEM && lookup_symbol(image, &query, &rules, &s) &&
	       s.section != SHN_UNDEF;
}

/* The first of the libraries in the folder of `path` that defines it, in words of the list; NULL:
 * none. */
static const char *find_beside(struct abifit_system *system, const char *path,
			       const char *const *libraries, const char *name)
{
	int folder = (int)(path_name(path) - path);

	for (; *libraries; libraries++) {
		AUTO_FREE char *beside = NULL;
		struct image *image = NULL;

		if (asprintf(&beside, "%.*s%s", folder, path, *libraries) < 0)
			return NULL;
		if (!root_adopt(system->source, beside, &image) && defines(image, name))
			return *libraries;
	}
	return NULL;
}

bool provider_beside_libc(struct abifit_system *system, const char *path, const char *name)
{
	static const char *const libraries[] = {
		"libpthread.so.0", "libdl.so.2",  "librt.so.1", "libresolv.so.2",
		"libutil.so.1",	   "libanl.so.1", "libm.so.6",	NULL,
	};

	return find_beside(system, path, libraries, name) != NULL;
}

const char *provider_beside_loader(struct abifit_system *system, const char *path, const char *name)
{
	static const char *const libraries[] = { "libc.so.6", NULL };

	return find_beside(system, path, libraries, name);
}

void provider_done(struct provider *p)
{
	if (!p->tried)
		return;
	forecast_done(&p->forecast);
	forecaster_done(&p->forecaster);
}
