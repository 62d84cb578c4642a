import CLinux
import Glibc
import Platform
import SystemPackage

extension ExtractorProcess {
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
        let packet = request.packet
        while true {
            let sent = unsafe packet.withUnsafeBytes { bytes in
                unsafe clinux_send_packet(socket.rawValue, bytes.baseAddress, bytes.count, file.rawValue, 0)
            }
            if sent == packet.count { return }
            let error = Errno.last
            guard error == .interrupted else { throw error }
        }
    }

    /// Waits for the next reply; nil once the worker has gone.
    ///
    /// - Throws: ``ExtractionProtocolError`` if the worker talks nonsense: it is best killed.
    package func receive() throws(ExtractionProtocolError) -> ExtractionReply? {
        while true {
            switch try receive(flags: 0) {
            case .reply(let reply): return reply
            case .end: return nil
            case .wouldBlock: continue
            }
        }
    }

    /// Takes the next reply if there is one.
    ///
    /// - Throws: ``ExtractionProtocolError`` if the worker talks nonsense: it is best killed.
    package func receiveIfReady() throws(ExtractionProtocolError) -> Reception {
        try receive(flags: Int32(MSG_DONTWAIT))
    }

    private func receive(flags: Int32) throws(ExtractionProtocolError) -> Reception {
        var descriptor: Int32 = -1
        var count = 0
        var mayBeReset = true
        let packet = unsafe [UInt8](unsafeUninitializedCapacity: ExtractionReply.longestPacket) { room, used in
            repeat {
                count = unsafe clinux_receive_packet(
                    socket.rawValue, room.baseAddress, room.count, &descriptor, flags)
                // A worker that dies with requests unread resets the connection. That is told first, once, and then what
                // the worker had to say before: without it, nobody would know which file it had died of.
                if count < 0 && errno == ECONNRESET && mayBeReset {
                    mayBeReset = false
                    errno = EINTR
                }
            } while count < 0 && errno == EINTR
            used = max(count, 0)
        }
        // Nobody sends us descriptors; one that comes all the same is not kept.
        if descriptor >= 0 { _ = close(descriptor) }
        if count > 0 { return .reply(try ExtractionReply(packet: packet)) }
        if count < 0 {
            if errno == EAGAIN { return .wouldBlock }
            guard errno == ECONNRESET else { throw ExtractionProtocolError() }
        }
        return .end
    }
}
