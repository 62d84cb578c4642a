// Ways for a process to give up rights that it cannot get back: Landlock and seccomp.
#pragma once
#include <stdint.h>
#include <stddef.h>
#include <sys/stat.h>

/// Denies this thread, and the threads and programs that it starts, every path, every TCP port, devices' commands,
/// and signals and abstract sockets to processes outside: all that the kernel's Landlock knows, with no exception.
/// What is open already stays open. Needs clinux_renounce_privileges().
/// Returns the version of Landlock's interface, 0 if the kernel has none, or -1 with errno.
int clinux_deny_paths(void);

/// What a place may still be used for.
enum clinux_use {
    /// Files and directories may be read.
    CLINUX_SOUNDS,
    /// The same, and programs may be started.
    CLINUX_PROGRAMS,
    /// A file may be read and written.
    CLINUX_DEVICE,
    /// Files may be read, written, made, replaced and removed.
    CLINUX_NOTES,
};

/// A directory with all that is beneath it, or a file, by a descriptor, which may have been opened with O_PATH.
struct clinux_place {
    int descriptor;
    enum clinux_use use;
};

/// Denies what clinux_deny_paths() does, but for `count` places. Returns as that does.
int clinux_deny_paths_except(const struct clinux_place *places, size_t count);

/// Denies all threads of this process every system call but those that a decoder needs.
///
/// It may read what is open and close it, get memory that is not executable, wait, tell the time, end itself and limit
/// its own processor time; send and receive on `socket` (-1 for none), and write to the `count` descriptors `writable`,
/// of which there may be up to 8. Opening something fails with EACCES, and what is merely not needed with EPERM.
/// What only an intruder would try, such as starting a program or making a socket, ends the process with SIGSYS.
/// Needs clinux_renounce_privileges(). Returns 0, or -1 with errno.
int clinux_deny_calls(int socket, const int *writable, size_t count);

/// Denies all threads of this process, and the programs that they start, the system calls that a server has no need of which
/// serves files over a socket that listens already: to look into other processes, to mount, to change who it is, to load
/// programs into the kernel, and to make sockets other than Unix's and netlink's. They fail with EPERM.
/// Needs clinux_renounce_privileges(). Returns 0, or -1 with errno.
int clinux_deny_needless_calls(void);

/// Closes all descriptors from a number on, such as were inherited by mistake.
void clinux_close_from(int first);

/// fstat(2) itself: as the C library asks it, in some versions, the kernel would take a path as well.
int clinux_status(int descriptor, struct stat *status);

/// Makes this process one of which no other of the same user may read the memory, and that leaves none when it dies.
/// Returns 0, or -1 with errno.
int clinux_hide_memory(void);
