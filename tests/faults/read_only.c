/* A disk that turns read-only under a running program, as ext4 does by itself after an error
 * (errors=remount-ro): while the file READ_ONLY_WHILE exists, whatever would change a file
 * below READ_ONLY_BELOW fails with EROFS, files that are open already included. To be loaded
 * with LD_PRELOAD: the kernel refuses to remount a disk on which files are open for writing. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_below(const char *path) {
    const char *below = getenv("READ_ONLY_BELOW");
    return below && strncmp(path, below, strlen(below)) == 0;
}

static int is_read_only(void) {
    const char *while_there = getenv("READ_ONLY_WHILE");
    return while_there && access(while_there, F_OK) == 0;
}

static int refuses(int fd) {
    char link[64], path[PATH_MAX];
    if (!is_read_only()) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return is_below(path);
}

static int refuses_path(const char *path) { return is_read_only() && is_below(path); }

#define REFUSE(condition) if (condition) { errno = EROFS; return -1; }
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) {
    REFUSE(refuses(fd));
    return REAL(write)(fd, data, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REFUSE(refuses(fd));
    return REAL(writev)(fd, parts, count);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REFUSE(refuses(fd));
    return REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REFUSE(refuses(fd));
    return REAL(pwrite64)(fd, data, size, at);
}

int ftruncate(int fd, off_t size) {
    REFUSE(refuses(fd));
    return REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    REFUSE(refuses(fd));
    return REAL(ftruncate64)(fd, size);
}

int unlink(const char *path) {
    REFUSE(refuses_path(path));
    return REAL(unlink)(path);
}

int rename(const char *from, const char *to) {
    REFUSE(refuses_path(to));
    return REAL(rename)(from, to);
}

#define CHANGES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)
#define OPENS(name)                                              \
    int name(const char *path, int flags, ...) {                 \
        va_list rest;                                            \
        va_start(rest, flags);                                   \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                            \
        REFUSE((flags & CHANGES) && refuses_path(path));         \
        return REAL(name)(path, flags, mode);                    \
    }
OPENS(open)
OPENS(open64)
