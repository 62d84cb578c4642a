import Glibc
import Platform
import Synchronization
import SystemPackage

/// A running `timbre-extract --worker`, and the socket over which it is asked.
///
/// One object owns one process: it is killed and reaped at the latest when the object goes. Requests are answered one
/// after the other, in their order; several may be sent ahead. All methods may be called from any thread, but only one
/// thread at a time makes sense of the replies.
package final class ExtractorProcess: Sendable {
    /// The asker's end of the `SOCK_SEQPACKET` pair, for poll loops. Closed with the object.
    package let socket: FileDescriptor
    /// The worker.
    package let processID: Int32

    private var packets: PacketSocket { PacketSocket(socket) }
    private let ending = Mutex<ExtractorEnding?>(nil)

    private init(socket: FileDescriptor, processID: Int32) {
        self.socket = socket
        self.processID = processID
    }

    /// Starts a worker.
    ///
    /// It gets its end of a socket as descriptor 0, nothing as standard output, our standard error, every signal at
    /// its default, and no other descriptor: all that we open is marked `O_CLOEXEC`.
    ///
    /// - Parameter withFFmpeg: Whether it loads FFmpeg's libraries before it shuts itself in, which takes tens of
    ///   milliseconds. Where they are not installed, it does without.
    package static func start(_ executable: FilePath, withFFmpeg: Bool = false) throws(ExtractorStartError)
        -> ExtractorProcess
    {
        do throws(Errno) {
            let (ours, its) = try PacketSocket.pair()
            defer { its.close() }
            // As much as the kernel allows: a worker need not wait while its answers do. It is no matter if it has to.
            var room: Int32 = 4 << 20
            _ = unsafe setsockopt(
                its.descriptor.rawValue, SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<Int32>.size))
            do throws(Errno) {
                let process =
                    if let starter = WorkerStarter.shared {
                        try starter.start(executable, withFFmpeg: withFFmpeg, socket: its.descriptor)
                    } else {
                        try WorkerProgram.spawn(executable, withFFmpeg: withFFmpeg, socket: its.descriptor)
                    }
                return ExtractorProcess(socket: ours.descriptor, processID: process)
            } catch {
                ours.close()
                throw error
            }
        } catch { throw ExtractorStartError(executable: executable, errno: error) }
    }

    /// Readies what starts workers, so that none of the files that are opened from here on can keep them from it.
    package static func prepare() { _ = WorkerStarter.shared }

    deinit {
        kill()
        reapSoon()
        // Nothing is written through it any more, so that there is nothing to be lost by closing.
        _ = close(socket.rawValue)
    }

    /// What a worker has to say at this moment.
    package enum Reception: Hashable, Sendable {
        case reply(ExtractionReply)
        /// Nothing yet: poll(2) the socket, then ask again.
        case wouldBlock
        /// The worker has gone and all that it said has been read.
        case end
    }

    /// Sends a request with the open file beside it; the caller's descriptor stays the caller's.
    ///
    /// Waits while the socket is full, which takes some hundred requests that nobody has taken up.
    ///
    /// - Throws: `Errno.brokenPipe` or `.connectionReset` if the worker has gone.
    package func send(_ request: ExtractionRequest, file: FileDescriptor) throws(Errno) {
        try packets.send(request.packet, with: file)
    }

    /// Waits for the next reply; nil once the worker has gone.
    ///
    /// - Throws: ``ExtractionProtocolError`` if the worker talks nonsense: it is best killed.
    package func receive() throws(ExtractionProtocolError) -> ExtractionReply? {
        while true {
            switch try receive(isWaiting: true) {
            case .reply(let reply): return reply
            case .end: return nil
            case .wouldBlock: continue
            }
        }
    }

    /// Takes the next reply if there is one.
    ///
    /// - Throws: ``ExtractionProtocolError`` if the worker talks nonsense: it is best killed.
    package func receiveIfReady() throws(ExtractionProtocolError) -> Reception { try receive(isWaiting: false) }

    private func receive(isWaiting: Bool) throws(ExtractionProtocolError) -> Reception {
        let packet: [UInt8]
        do throws(Errno) { packet = try nextPacket(isWaiting: isWaiting) } catch {
            switch error {
            case .wouldBlock: return .wouldBlock
            case .connectionReset: return .end
            default: throw ExtractionProtocolError()
            }
        }
        return packet.isEmpty ? .end : .reply(try ExtractionReply(packet: packet))
    }

    private func nextPacket(isWaiting: Bool) throws(Errno) -> [UInt8] {
        func next() throws(Errno) -> [UInt8] {
            let (packet, file) = try packets.receive(upTo: ExtractionReply.longestPacket, isWaiting: isWaiting)
            // Nobody sends us descriptors; one that comes all the same is not kept.
            if let file { _ = close(file.rawValue) }
            return packet
        }
        // A worker that dies with requests unread resets the connection. That is told first, once, and then what the
        // worker had to say before: without it, nobody would know which file it had died of.
        do { return try next() } catch .connectionReset { return try next() }
    }

    /// Ends the worker at once, whatever it is doing. Does nothing if it has been reaped.
    package func kill() {
        ending.withLock { ending in
            if ending == nil { _ = Glibc.kill(processID, SIGKILL) }
        }
    }

    /// Waits until the worker has ended, and says how; at once if it was asked before.
    ///
    /// Another thread may call ``kill()`` meanwhile.
    @discardableResult package func reap() -> ExtractorEnding {
        if let known = ending.withLock({ $0 }) { return known }
        // Waiting leaves the process as it is, for as long as it takes; collecting it is a moment under the lock, so
        // that its number cannot have become another's when we kill.
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        return collect() ?? .unknown
    }

    /// Says how a worker that was killed has ended, and does not wait for one that the kernel cannot end.
    ///
    /// A process that reads from a server that is gone may stay until the server is back. It is collected later.
    @discardableResult package func reapSoon() -> ExtractorEnding {
        UnendedProcesses.collect()
        let end = ContinuousClock.now + .milliseconds(200)
        while true {
            if let found = collect() { return found }
            if .now >= end { break }
            usleep(1000)
        }
        return ending.withLock { ending in
            if let ending { return ending }
            UnendedProcesses.add(processID)
            ending = .unknown
            return .unknown
        }
    }

    /// Collects the worker if it has ended.
    private func collect() -> ExtractorEnding? {
        ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            switch unsafe waitpid(processID, &status, WNOHANG) {
            case 0: return nil
            case processID: ending = ExtractorEnding(waitStatus: status)
            default: if errno != EINTR { ending = .unknown }
            }
            return ending
        }
    }
}
