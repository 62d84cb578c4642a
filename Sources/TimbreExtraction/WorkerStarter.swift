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
    private let socket: Mutex<PacketSocket>

    private init?() {
        let (ours, its): (PacketSocket, PacketSocket)
        do throws(Errno) { (ours, its) = try PacketSocket.pair() } catch { return nil }
        socket = Mutex(ours)
        // Its first answer says that it has a table of its own, and so an end of its own: ours of the two is closed.
        let isReady = Self.begin(its) && Self.answer(from: ours)?.errno == 0
        its.close()
        guard isReady else {
            ours.close()
            return nil
        }
    }

    private static func begin(_ socket: PacketSocket) -> Bool {
        do throws(Errno) { try DetachedThread.start { work(socket) } } catch { return false }
        return true
    }

    /// Starts a worker.
    ///
    /// - Parameter end: The worker's end of its socket.
    /// - Returns: Its process, a child of ours.
    func start(_ executable: FilePath, withFFmpeg: Bool, socket end: FileDescriptor) throws(Errno) -> Int32 {
        let answer = try socket.withLock { socket throws(Errno) in
            try socket.send([withFFmpeg ? 1 : 0] + executable.bytes, with: end)
            return Self.answer(from: socket)
        }
        guard let answer else { throw .ioError }
        guard answer.errno == 0 else { throw Errno(rawValue: answer.errno) }
        return answer.process
    }

    /// What has come of a start.
    private struct Answer {
        var process: Int32 = 0
        /// Why it failed; 0 if it did not.
        var errno: Int32 = 0
    }

    /// Waits for the thread's answer; nil if it has none.
    private static func answer(from socket: PacketSocket) -> Answer? {
        do throws(Errno) {
            let packet = try socket.receive(upTo: MemoryLayout<Answer>.size).packet
            guard packet.count == MemoryLayout<Answer>.size else { return nil }
            return unsafe packet.withUnsafeBytes { unsafe $0.loadUnaligned(as: Answer.self) }
        } catch { return nil }
    }

    private static func send(_ answer: Answer, to socket: PacketSocket) {
        do throws(Errno) { try socket.send(unsafe withUnsafeBytes(of: answer) { unsafe Array($0) }) } catch {
            // Only when the process ends.
        }
    }

    /// What the thread does, for as long as the process lives.
    private static func work(_ socket: PacketSocket) {
        let failure = clinux_leave_descriptors(socket.descriptor.rawValue) == 0 ? 0 : Glibc.errno
        send(Answer(errno: failure), to: socket)
        guard failure == 0 else { return }
        do throws(Errno) {
            while case (let order, let end?) = try socket.receive(upTo: 1 + Int(PATH_MAX)), let flag = order.first {
                send(start(FilePath(bytes: Array(order.dropFirst())), withFFmpeg: flag == 1, end), to: socket)
                _ = close(end.rawValue)
            }
        } catch {
            // Nobody asks any more.
        }
    }

    private static func start(_ executable: FilePath, withFFmpeg: Bool, _ end: FileDescriptor) -> Answer {
        do throws(Errno) {
            return Answer(process: try WorkerProgram.spawn(executable, withFFmpeg: withFFmpeg, socket: end))
        } catch {
            return Answer(errno: error.rawValue)
        }
    }
}
