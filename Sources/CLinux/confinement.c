#define _GNU_SOURCE
#include "confinement.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "which architecture is this for the audit system?"
#endif

// Landlock's interface, of which older headers know only a part. Source: linux/landlock.h of Linux 6.12.
struct ruleset {
    uint64_t files;
    uint64_t ports;
    uint64_t scopes;
};

/// The rights over files that each version of the interface knows: a bit each, and later versions know more.
static uint64_t file_rights(int version) {
    if (version >= 5) return (1ull << 16) - 1; // IOCTL_DEV
    if (version >= 3) return (1ull << 15) - 1; // TRUNCATE
    if (version >= 2) return (1ull << 14) - 1; // REFER
    return (1ull << 13) - 1;
}

/// What a rule lets pass beneath a directory, or of one file. Source: linux/landlock.h.
struct beneath {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));

enum { EXECUTE = 1 << 0, WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3 };
enum { REMOVE_FILE = 1 << 5, MAKE_REGULAR = 1 << 8, TRUNCATE = 1 << 14 };

/// Adds a rule to a set that denies some rights. Returns 0, or -1 with errno.
static int allow(int ruleset, uint64_t denied, const struct clinux_place *place) {
    struct stat status;
    if (clinux_status(place->descriptor, &status) != 0) return -1;
    struct beneath rule = {.rights = READ_FILE, .parent = place->descriptor};
    // A right over directories is refused of a file.
    if (S_ISDIR(status.st_mode)) rule.rights |= READ_DIR;
    if (place->use == CLINUX_PROGRAMS) rule.rights |= EXECUTE;
    if (place->use == CLINUX_DEVICE) rule.rights |= WRITE_FILE;
    if (place->use == CLINUX_NOTES) rule.rights |= (WRITE_FILE | REMOVE_FILE | MAKE_REGULAR | TRUNCATE) & denied;
    return (int)syscall(SYS_landlock_add_rule, ruleset, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &rule, 0u);
}

int clinux_deny_paths(void) { return clinux_deny_paths_except(NULL, 0); }

int clinux_deny_paths_except(const struct clinux_place *places, size_t count) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1u /* LANDLOCK_CREATE_RULESET_VERSION */);
    if (version < 0) return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
    struct ruleset denied = {
        .files = file_rights((int)version),
        .ports = 3,  // BIND_TCP, CONNECT_TCP
        .scopes = 3, // ABSTRACT_UNIX_SOCKET, SIGNAL
    };
    size_t size = version >= 6 ? sizeof denied : version >= 4 ? offsetof(struct ruleset, scopes)
                                                              : offsetof(struct ruleset, ports);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &denied, size, 0u);
    if (ruleset < 0) return -1;
    int result = 0;
    for (size_t index = 0; index < count && result == 0; index++) result = allow(ruleset, denied.files, &places[index]);
    if (result == 0) result = (int)syscall(SYS_landlock_restrict_self, ruleset, 0u);
    int failure = errno;
    close(ruleset);
    errno = failure;
    return result == 0 ? (int)version : -1;
}

void clinux_close_from(int first) { closefrom(first); }

int clinux_status(int descriptor, struct stat *status) { return (int)syscall(SYS_fstat, descriptor, status); }

int clinux_hide_memory(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// A program for the kernel's packet filter, as it grows.
struct program {
    struct sock_filter steps[512];
    unsigned short count;
};

static void add(struct program *program, struct sock_filter step) { program->steps[program->count++] = step; }

static void answer(struct program *program, uint32_t what) {
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what));
}

static void load(struct program *program, uint32_t place) {
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place));
}

/// What is said if the loaded number is `number`.
static void answer_if(struct program *program, uint32_t number, uint32_t what) {
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    answer(program, what);
}

/// The place of an argument's lower half: descriptors, protections and process numbers have 32 bits.
static uint32_t argument(int number) {
    return offsetof(struct seccomp_data, args) + 8 * number + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0);
}

#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

/// Allows a call if an argument is one of some numbers; the call's own number is loaded before and after.
static void allow_if_any(struct program *program, int call, int place, const int *numbers, size_t count) {
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 2 + 2 * count));
    load(program, argument(place));
    for (size_t index = 0; index < count; index++) answer_if(program, numbers[index], SECCOMP_RET_ALLOW);
    answer(program, REFUSE(EPERM));
}

/// Allows a call unless an argument has one of some bits.
static void allow_without(struct program *program, int call, int place, uint32_t bits) {
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4));
    load(program, argument(place));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0));
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, REFUSE(EPERM));
}

/// Allows a process to set one of its own limits, and no other's.
static void allow_own_limit(struct program *program, uint32_t resource) {
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 6));
    load(program, argument(0));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3));
    load(program, argument(1));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, resource, 0, 1));
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, REFUSE(EPERM));
}

// What decoding, hashing and the memory allocator do, the most frequent first.
static const int allowed[] = {
    SYS_pread64, SYS_lseek, SYS_read, SYS_futex, SYS_brk, SYS_munmap, SYS_madvise, SYS_mremap, SYS_fstat, SYS_fadvise64,
    SYS_close, SYS_sched_yield, SYS_ppoll,
#ifdef SYS_poll
    SYS_poll,
#endif
    SYS_restart_syscall, SYS_rt_sigreturn, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_sigaltstack, SYS_exit,
    SYS_exit_group, SYS_getrandom, SYS_clock_gettime, SYS_gettimeofday, SYS_getrusage, SYS_getpid, SYS_gettid,
    SYS_sched_getaffinity, SYS_sysinfo,
};

// What libraries try at times, and do without.
static const int unopened[] = {
    SYS_openat, SYS_openat2, SYS_readlinkat, SYS_faccessat, SYS_faccessat2,
#ifdef SYS_open
    SYS_open, SYS_creat, SYS_stat, SYS_lstat, SYS_access, SYS_readlink,
#endif
};

// What no decoder does for an honest reason.
static const int hostile[] = {
    SYS_execve, SYS_execveat, SYS_clone, SYS_clone3, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
    SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal, SYS_kill, SYS_tkill, SYS_socket, SYS_socketpair,
    SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
    SYS_setns, SYS_unshare, SYS_setuid, SYS_setgid, SYS_setresuid, SYS_setresgid, SYS_capset, SYS_bpf,
    SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_memfd_create, SYS_keyctl, SYS_add_key,
    SYS_request_key, SYS_init_module, SYS_finit_module, SYS_kexec_load, SYS_reboot, SYS_open_by_handle_at,
#ifdef SYS_fork
    SYS_fork, SYS_vfork,
#endif
};

/// Begins a program that ends a process of another architecture's calls; the call's number is loaded then.
static void begin(struct program *program) {
    load(program, offsetof(struct seccomp_data, arch));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0));
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    // Numbers from here on are calls of the x32 interface.
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
    answer(program, SECCOMP_RET_KILL_PROCESS);
#endif
}

/// Puts a program into force, for all threads. Returns 0, or -1 with errno.
static int enforce(const struct program *program) {
    const struct sock_fprog filter = {.len = program->count, .filter = (struct sock_filter *)program->steps};
    // Returns the number of a thread that could not follow, if there is one.
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
    if (result > 0) errno = ESRCH;
    return result == 0 ? 0 : -1;
}

// What a server that reads files and starts programs never does.
static const int needless[] = {
    SYS_bind, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_getfd, SYS_mount, SYS_umount2,
    SYS_pivot_root, SYS_chroot, SYS_setns, SYS_setuid, SYS_setgid, SYS_setresuid, SYS_setresgid, SYS_capset, SYS_bpf,
    SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_init_module, SYS_finit_module, SYS_kexec_load, SYS_reboot, SYS_open_by_handle_at,
};

int clinux_deny_needless_calls(void) {
    struct program program = {.count = 0};
    begin(&program);
    for (size_t index = 0; index < sizeof needless / sizeof *needless; index++)
        answer_if(&program, needless[index], REFUSE(EPERM));
    const int families[] = {AF_UNIX, AF_NETLINK}, files = CLONE_FILES;
    allow_if_any(&program, SYS_socket, 0, families, 2);
    allow_if_any(&program, SYS_unshare, 0, &files, 1);
    answer(&program, SECCOMP_RET_ALLOW);
    return enforce(&program);
}

int clinux_deny_calls(int socket, const int *writable, size_t count) {
    if (count > 8) {
        errno = EINVAL;
        return -1;
    }
    struct program program = {.count = 0};
    begin(&program);
    for (size_t index = 0; index < sizeof allowed / sizeof *allowed; index++)
        answer_if(&program, allowed[index], SECCOMP_RET_ALLOW);
    allow_if_any(&program, SYS_sendmsg, 0, &socket, socket >= 0);
    allow_if_any(&program, SYS_recvmsg, 0, &socket, socket >= 0);
    allow_without(&program, SYS_mmap, 2, PROT_EXEC);
    allow_without(&program, SYS_mprotect, 2, PROT_EXEC);
    allow_if_any(&program, SYS_write, 0, writable, count);
    // abort(3) sends a signal to its own thread.
    const int own = getpid();
    allow_if_any(&program, SYS_tgkill, 0, &own, 1);
    allow_own_limit(&program, RLIMIT_CPU);
    for (size_t index = 0; index < sizeof unopened / sizeof *unopened; index++)
        answer_if(&program, unopened[index], REFUSE(EACCES));
    for (size_t index = 0; index < sizeof hostile / sizeof *hostile; index++)
        answer_if(&program, hostile[index], SECCOMP_RET_KILL_PROCESS);
    answer(&program, REFUSE(EPERM));
    return enforce(&program);
}
