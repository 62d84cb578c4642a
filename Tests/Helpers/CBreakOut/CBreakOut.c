#define _GNU_SOURCE
#include "CBreakOut.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/// Where a listener of our own waits, which was made before the walls went up.
static struct sockaddr_storage listener;
static socklen_t listenerSize;

static int connect_later(int domain) {
    struct sockaddr_in port = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sa_family_t unnamed = AF_UNIX; // The kernel chooses an abstract name.
    int listening = socket(domain, SOCK_STREAM, 0);
    if (domain == AF_INET) bind(listening, (struct sockaddr *)&port, sizeof port);
    else bind(listening, (struct sockaddr *)&unnamed, sizeof unnamed);
    listenerSize = sizeof listener;
    getsockname(listening, (struct sockaddr *)&listener, &listenerSize);
    listen(listening, 1);
    return socket(domain, SOCK_STREAM, 0);
}

int breakout_prepare(const char *attempt) {
    if (!strcmp(attempt, "write-file")) return open("/tmp", O_TMPFILE | O_RDWR, 0600);
    if (!strcmp(attempt, "connect-to-port")) return connect_later(AF_INET);
    if (!strcmp(attempt, "connect-to-process")) return connect_later(AF_UNIX);
    return -1;
}

static long map(size_t size, int protection) {
    return mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED ? -1 : 0;
}

static long start_program(void) {
    char *arguments[] = {"true", NULL};
    return execv("/bin/true", arguments);
}

static long fork_child(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    return child < 0 ? -1 : waitpid(child, NULL, 0);
}

static long make_written_memory_run(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long lift_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_STACK, &limit);
}

/// getpid(2), as 32-bit programs ask for it.
static long call_as_32_bits(void) {
#if defined(__x86_64__)
    long result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result;
#else
    return 0;
#endif
}

static long make(const char *attempt, int prepared) {
    struct stat status;
    struct rlimit limit;
    if (!strcmp(attempt, "read-path")) return open("/etc/passwd", O_RDONLY);
    if (!strcmp(attempt, "list-path")) return open("/", O_RDONLY | O_DIRECTORY);
    if (!strcmp(attempt, "make-file")) return open("/tmp", O_TMPFILE | O_RDWR, 0600);
    if (!strcmp(attempt, "look-at-path")) return stat("/etc/passwd", &status);
    if (!strcmp(attempt, "write-file")) return write(prepared, "x", 1);
    if (!strcmp(attempt, "write-handed-file")) return write(0, "x", 1);
    if (!strcmp(attempt, "reopen-to-write")) return open("/proc/self/fd/0", O_RDWR);
    if (!strcmp(attempt, "change-mode")) return fchmod(0, 0600);
    if (!strcmp(attempt, "make-socket")) return socket(AF_INET, SOCK_STREAM, 0);
    if (!strncmp(attempt, "connect-to-", 11)) return connect(prepared, (struct sockaddr *)&listener, listenerSize);
    if (!strcmp(attempt, "start-program")) return start_program();
    if (!strcmp(attempt, "fork")) return fork_child();
    if (!strcmp(attempt, "signal-parent")) return kill(getppid(), 0);
    if (!strcmp(attempt, "trace")) return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    if (!strcmp(attempt, "mount")) return mount("none", "/nowhere/at-all", "tmpfs", 0, NULL);
    if (!strcmp(attempt, "leave-namespace")) return unshare(CLONE_NEWUTS);
    if (!strcmp(attempt, "take-memory")) return map((size_t)4 << 30, PROT_READ | PROT_WRITE);
    if (!strcmp(attempt, "map-code")) return map(4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    if (!strcmp(attempt, "run-written-memory")) return make_written_memory_run();
    if (!strcmp(attempt, "lift-limit")) return lift_limit();
    if (!strcmp(attempt, "limit-parent")) return prlimit(getppid(), RLIMIT_CPU, NULL, &limit);
    if (!strcmp(attempt, "call-as-32-bits")) return call_as_32_bits();
    errno = 254;
    return -1;
}

int breakout_make(const char *attempt, int prepared) {
    errno = 0;
    return make(attempt, prepared) < 0 ? (errno ? errno : EPERM) : 0;
}
