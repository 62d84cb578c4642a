#include "CDispatchMonitor.h"

// On Linux libdispatch looks every second how many threads of its shared pools are running, from the first one on and
// for as long as the process lives (its src/event/workqueue.c), to add some where others block. A daemon would be woken
// up 86,400 times a day for that, as the pools cannot be kept out of use: Swift's tasks and concurrentPerform run on
// them, and so does what frees the queue of a database connection. What may block here has a thread of its own.
//
// These two functions, by which a thread joins those that are looked at and leaves them, are all that libdispatch uses
// of that file. In a program that is linked statically (RELEASE_FLAGS in the Makefile) they take its place. They are
// weak: should a later libdispatch use more of the file, it is the whole of it that counts, and the daemon is woken up
// again, as Tests/EndToEnd/idle.sh finds.

__attribute__((weak)) void _dispatch_workq_worker_register(void *queue) {
    (void)queue;
}

__attribute__((weak)) void _dispatch_workq_worker_unregister(void *queue) {
    (void)queue;
}
