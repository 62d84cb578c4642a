// What the system offers and Swift's Glibc module lacks: inotify, credentials and descriptors over Unix sockets,
// malloc_trim, and the macros among them as functions.
#pragma once
#include "confinement.h"
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/un.h>
#include <unistd.h>

/// The user, group and process at the other end of a connected Unix socket (SO_PEERCRED).
struct clinux_peer {
    uint32_t user;
    uint32_t group;
    int32_t process;
};

/// getsockopt(SO_PEERCRED). Returns 0, or -1 with errno.
int clinux_peer_credentials(int socket, struct clinux_peer *peer);

/// Sends one packet, with one descriptor beside it if `descriptor` is not -1. Returns as sendmsg(2).
ssize_t clinux_send_packet(int socket, const void *bytes, size_t count, int descriptor, int flags);

/// Receives one packet and the descriptor beside it; `*descriptor` is -1 if there is none. A packet that was longer
/// than the room given fails with EMSGSIZE. Returns as recvmsg(2).
ssize_t clinux_receive_packet(int socket, void *bytes, size_t count, int *descriptor, int flags);

/// Gives the calling thread a table of descriptors of its own, with 0 to 2 and `kept` in it: unshare(2). Returns 0, or -1
/// with errno.
int clinux_leave_descriptors(int kept);

/// prctl(PR_SET_NO_NEW_PRIVS): no program started from here on gains rights. Returns 0, or -1 with errno.
int clinux_renounce_privileges(void);

/// Makes a file in memory: memfd_create(2). Returns its descriptor, which programs that are started do not inherit, or
/// -1 with errno set.
int clinux_memory_file(const char *name);

/// Whether somebody has an ordinary file open for writing, asked through a descriptor that is open for reading alone:
/// 1 or 0, or -1 with errno where that cannot be told. Only the file's owner, or one with CAP_LEASE, may ask. On a
/// network's file system 1 means no more than that the server has not said otherwise.
int clinux_has_writer(int descriptor);

/// Accepts a connection, which programs that are started do not inherit: accept4(2) with SOCK_CLOEXEC.
int clinux_accept(int socket);

/// The user that owns the other end of a TCP connection from 127.0.0.1 to 127.0.0.1, by the ports of both ends, in the
/// host's order of bytes: sock_diag(7). A socket that its program has closed has no owner: ENOENT. Returns 0, or -1 with
/// errno.
int clinux_tcp_owner(uint16_t theirs, uint16_t ours, uint32_t *user);

/// Runs `body` with `argument` on a thread of its own with a stack of 1 MiB, and lets it go: pthread_create(3).
/// Returns 0 or the number of an error.
int clinux_start_thread(void (*body)(void *argument), void *argument);
