import CLinux
import Glibc
import Platform
import Synchronization
import SystemPackage

/// A thread that starts workers, and has next to no descriptors open.
///
/// A process that is started gets a copy of its starter's descriptors, and closes it before its program runs. Closing a
/// file of a server that does not answer (FUSE, NFS) takes until it does: a worker that is started meanwhile would never
/// begin. So the thread has a table of descriptors of its own, in which no such file ever is.
final class WorkerStarter: Sendable {
    /// The one of this process; nil where the kernel gives no thread or no table.
    static let shared = WorkerStarter()

    /// Our end of the socket over which the thread is asked; one asks at a time.
    private let socket: Mutex<Int32>

    private init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return nil
        }
        socket = Mutex(ends[0])
        // Its first answer says that it has a table of its own, and so an end of its own: ours of the two is closed.
        let isReady = Self.startThread(socket: ends[1]) && Self.receive(from: ends[0])?.errno == 0
        _ = close(ends[1])
        guard isReady else {
            _ = close(ends[0])
            return nil
        }
    }

    /// Starts a worker.
    ///
    /// - Parameter end: The worker's end of its socket.
    /// - Returns: Its process, a child of ours.
    func start(_ executable: FilePath, socket end: Int32) throws(Errno) -> Int32 {
        let path = executable.bytes
        let answer = socket.withLock { socket in
            let sent = unsafe path.withUnsafeBytes {
                unsafe clinux_send_packet(socket, $0.baseAddress, $0.count, end, 0)
            }
            return sent == path.count ? Self.receive(from: socket) : Answer(errno: errno)
        }
        guard let answer, answer.errno == 0 else { throw answer.map { Errno(rawValue: $0.errno) } ?? .ioError }
        return answer.process
    }

    /// What has come of a start.
    private struct Answer {
        var process: Int32 = 0
        /// Why it failed; 0 if it did not.
        var errno: Int32 = 0
    }

    private static func receive(from socket: Int32) -> Answer? {
        var (answer, count, descriptor) = (Answer(), 0, Int32(-1))
        repeat {
            count = unsafe withUnsafeMutableBytes(of: &answer) {
                unsafe clinux_receive_packet(socket, $0.baseAddress, $0.count, &descriptor, 0)
            }
        } while count < 0 && Glibc.errno == EINTR
        return count == MemoryLayout<Answer>.size ? answer : nil
    }

    private static func send(_ answer: Answer, to socket: Int32) {
        // Fails only when the process ends.
        _ = unsafe withUnsafeBytes(of: answer) { unsafe clinux_send_packet(socket, $0.baseAddress, $0.count, -1, 0) }
    }

    private static func startThread(socket: Int32) -> Bool {
        do throws(Errno) { try DetachedThread.start { work(socket: socket) } } catch { return false }
        return true
    }

    /// What the thread does, for as long as the process lives.
    private static func work(socket: Int32) {
        let failure = clinux_leave_descriptors(socket) == 0 ? 0 : Glibc.errno
        send(Answer(errno: failure), to: socket)
        guard failure == 0 else { return }
        var room = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        while true {
            var end: Int32 = -1
            let count = unsafe room.withUnsafeMutableBytes {
                unsafe clinux_receive_packet(socket, $0.baseAddress, $0.count - 1, &end, 0)
            }
            if count < 0 && Glibc.errno == EINTR { continue }
            guard count > 0 else { return }
            room[count] = 0
            let path = unsafe room.withUnsafeBufferPointer { unsafe FilePath(platformString: $0.baseAddress!) }
            do throws(Errno) {
                send(Answer(process: try ExtractorProcess.spawn(path, socket: end)), to: socket)
            } catch {
                send(Answer(errno: error.rawValue), to: socket)
            }
            _ = close(end)
        }
    }
}
