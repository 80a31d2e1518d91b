// Loaded into a program before its libraries (LD_PRELOAD): kills it with SIGKILL at the KILL_AT-th time that it asks for
// a file to be on the disk, as SQLite does at each commit. KILL_WHEN says how:
//   before  it has not asked yet; what was written is left as the kernel has it
//   after   the file is on the disk, and the program was not told
//   lost    as if power was cut before: what was appended to SQLite's journal since the last time is gone
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int calls;
// Of the one journal that the program makes: how much of it is on the disk.
static off_t durable;

static int is_journal(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path);
    return length > 4 && strncmp(path + length - 4, "-wal", 4) == 0;
}

static int synchronise(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *at = getenv("KILL_AT");
    const char *when = getenv("KILL_WHEN");
    pthread_mutex_lock(&lock);
    int is_last = at && when && ++calls == atoi(at);
    if (is_last && strcmp(when, "lost") == 0 && is_journal(file) && ftruncate(file, durable) != 0) abort();
    if (is_last && strcmp(when, "after") != 0) kill(getpid(), SIGKILL);
    int result = real(file);
    if (is_last) kill(getpid(), SIGKILL);
    struct stat now;
    if (result == 0 && is_journal(file) && fstat(file, &now) == 0) durable = now.st_size;
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int file) { return synchronise("fsync", file); }
int fdatasync(int file) { return synchronise("fdatasync", file); }
