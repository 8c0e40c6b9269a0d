/* A wall clock that is CLOCK_SHIFT seconds ahead, for a process and its children (LD_PRELOAD): PostgreSQL, Redis,
 * workers and Chromium included. Only CLOCK_REALTIME moves; waits on absolute times of it are moved back. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define YEARS 1000000000L /* seconds; less is a monotonic time, which counts from the start of the machine */

static long shift(void) {
    static long seconds, known;
    if (!known) { const char *text = getenv("CLOCK_SHIFT"); seconds = text ? atol(text) : 0; known = 1; }
    return seconds;
}

static struct timespec back(const struct timespec *at) {
    struct timespec moved = *at;
    if (moved.tv_sec > YEARS) moved.tv_sec -= shift();
    return moved;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (syscall(SYS_clock_gettime, clock, now)) return -1;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += shift();
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec at;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &at);
    now->tv_sec = at.tv_sec;
    now->tv_usec = at.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (now) *now = at.tv_sec;
    return at.tv_sec;
}

int timespec_get(struct timespec *now, int base) {
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, now) ? base : 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left) {
    struct timespec moved = *wanted;
    if (clock == CLOCK_REALTIME && flags & TIMER_ABSTIME) moved = back(wanted);
    return syscall(SYS_clock_nanosleep, clock, flags, &moved, left) ? errno : 0;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    static int (*real)(sem_t *, const struct timespec *);
    struct timespec moved = back(until);
    if (!real) real = dlsym(RTLD_NEXT, "sem_timedwait");
    return real(semaphore, &moved);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    static int (*real)(pthread_mutex_t *, const struct timespec *);
    struct timespec moved = back(until);
    if (!real) real = dlsym(RTLD_NEXT, "pthread_mutex_timedlock");
    return real(mutex, &moved);
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
    static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    struct timespec moved = back(until);
    if (!real) real = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!real) real = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    return real(condition, mutex, &moved);
}
