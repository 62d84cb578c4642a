import ContentHash
import SoundFeatures
import SystemPackage

extension ExtractorProcess {
    /// Unpacks one member of an archive in a worker started for it, and hands on its bytes as they come.
    ///
    /// - Parameters:
    ///   - path: The member's path below the archive.
    ///   - archive: Open for reading; its offset is neither used nor moved.
    ///   - limits: How much is unpacked at the most.
    ///   - executable: The worker's program, found by ``WorkerProgram/locate()`` if it is nil.
    /// - Returns: The hash of the bytes.
    /// - Throws: ``ExtractionFailure`` if there is no such member or it cannot be unpacked, ``ExtractorStartError`` if there
    ///   is no worker, and what `take` throws.
    /// - Complexity: O(*n*) in the bytes of all members in front of it, unless the archive is a ZIP.
    @discardableResult package static func unpack(
        _ path: [UInt8], of archive: FileDescriptor, limits: ArchiveLimits = ArchiveLimits(),
        executable: FilePath? = nil, take: ([UInt8]) throws -> Void
    ) throws -> ContentHash {
        let request = ExtractionRequest(
            id: 1, work: .memberBytes, longest: 0, archive: ArchiveTask(limits: limits, member: path))
        return try ask(request, about: archive, executable) { worker in
            // A worker must not be able to fill the disk.
            var room = limits.largestMember
            while let reply = try worker.receive() {
                switch reply.body {
                case .began: continue
                case .bytes(let bytes):
                    room -= Int64(bytes.count)
                    guard room >= 0 else { throw ExtractionProtocolError() }
                    try take(bytes)
                case .finished(let hash, _): return hash
                case .failed(let failure, _): throw failure
                default: throw ExtractionProtocolError()
                }
            }
            throw worker.crash()
        }
    }
}
