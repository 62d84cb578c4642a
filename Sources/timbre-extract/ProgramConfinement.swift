import Glibc
import SystemPackage
import WorkerSandbox

extension Confinement {
    /// Shuts in a worker that is asked over a socket, and makes sure that it does not outlive its asker.
    static func enterAsWorker(socket: FileDescriptor) {
        _ = nice(5)
        let confinement = Confinement(
            socket: socket.rawValue, outputs: [STDERR_FILENO, ErrorOutput.descriptor.rawValue], mayWriteFiles: false)
        confinement.enter { endWithAsker(socket) }
    }

    /// Shuts in the program that a person has started, which has only its report to write from here on.
    static func enterToReport() {
        let outputs = [STDOUT_FILENO, STDERR_FILENO, ErrorOutput.descriptor.rawValue]
        Confinement(outputs: outputs, mayWriteFiles: true).enter()
    }

    /// Ends the process when the asker's end of the socket closes, even while a decoder hangs.
    ///
    /// The kernel's own means, PR_SET_PDEATHSIG, watches the thread that started us, not its process: a thread of a pool
    /// that is sent home would take the worker with it.
    private static func endWithAsker(_ socket: FileDescriptor) {
        /// The socket, and whether its watcher has begun.
        struct Watch {
            var socket: FileDescriptor
            var hasBegun = sem_t()
        }
        let watch = UnsafeMutablePointer<Watch>.allocate(capacity: 1)
        unsafe watch.initialize(to: Watch(socket: socket))
        unsafe sem_init(&watch.pointee.hasBegun, 0, 0)
        var thread = pthread_t()
        let failure = unsafe pthread_create(
            &thread, nil,
            { argument in
                let watch = unsafe argument!.assumingMemoryBound(to: Watch.self)
                var socket = unsafe pollfd(fd: watch.pointee.socket.rawValue, events: 0, revents: 0)
                unsafe sem_post(&watch.pointee.hasBegun)
                while unsafe poll(&socket, 1, -1) < 1 {}
                _exit(0)
            }, watch)
        precondition(failure == 0, "no thread")
        pthread_detach(thread)
        // What a thread does to begin is denied once the walls are up.
        while unsafe sem_wait(&watch.pointee.hasBegun) != 0 {}
    }
}
