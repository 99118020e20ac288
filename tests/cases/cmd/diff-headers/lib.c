#include "foo.h"

#include <stdlib.h>

struct opq {
	int x;
	MORE
};

struct pub *pub_new(void)
{
	return calloc(1, sizeof(struct pub));
}

int pub_get(struct pub *p)
{
	return p->a;
}

struct opq *opq_new(void)
{
	struct opq *o = calloc(1, sizeof(*o));

	o->x = 7;
	return o;
}

int opq_do(struct opq *o)
{
	return o->x;
}
