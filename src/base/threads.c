/* SPDX-License-Identifier: Apache-2.0 */
/* Work sharing by an atomic counter; contract in base/threads.h. */
#include "base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define MOST_THREADS 64

struct job {
	parallel_work work;
	void *data;
	size_t count;
	size_t grain;
	atomic_size_t next;
	atomic_bool stop;
	pthread_mutex_t lock;
	size_t failed_item;
	int error;
};

struct worker {
	struct job *job;
	unsigned thread;
};

static void note_error(struct job *job, size_t item, int error)
{
	pthread_mutex_lock(&job->lock);
	if (!job->error || item < job->failed_item) {
		job->error = error;
		job->failed_item = item;
	}
	pthread_mutex_unlock(&job->lock);
	atomic_store(&job->stop, true);
}

static void *run(void *arg)
{
	struct worker *worker = arg;
	struct job *job = worker->job;

	while (!atomic_load(&job->stop)) {
		size_t at = atomic_fetch_add(&job->next, job->grain);
		size_t end = size_min(at + job->grain, job->count);

		if (at >= job->count)
			break;
		for (; at < end; at++) {
			int r = job->work(job->data, at, worker->thread);

			if (r) {
				note_error(job, at, r);
				break;
			}
		}
	}
	return NULL;
}

int parallel_for(unsigned threads, size_t count, size_t grain, parallel_work work, void *data)
{
	struct job job = { .work = work, .data = data, .count = count, .grain = grain ? grain : 1 };
	struct worker workers[MOST_THREADS];
	pthread_t ids[MOST_THREADS];
	unsigned started = 0;
	unsigned i;

	if (threads > MOST_THREADS)
		threads = MOST_THREADS;
	pthread_mutex_init(&job.lock, NULL);
	for (i = 0; i + 1 < threads && (size_t)i + 1 < count; i++) {
		workers[i] = (struct worker){ &job, i + 1 };
		if (pthread_create(&ids[i], NULL, run, &workers[i]))
			break;
		started++;
	}
	run(&(struct worker){ &job, 0 });
	for (i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	pthread_mutex_destroy(&job.lock);
	return job.error;
}

unsigned processor_count(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return CPU_COUNT(&set) > 0 ? (unsigned)CPU_COUNT(&set) : 1;
}
