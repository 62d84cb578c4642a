import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreExtraction

/// What a worker says, of whom nothing is believed: packets, each with its length in two bytes before it.
///
/// A packet is read or refused; what is read can be written and coded.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var rest = unsafe Array(UnsafeBufferPointer(start: start, count: count))[...]
    var frames = FeatureFrames()
    while rest.count >= 2 {
        let length = Int(rest.removeFirst()) | Int(rest.removeFirst()) << 8
        let packet = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        do throws(ExtractionProtocolError) {
            let reply = try ExtractionReply(packet: packet)
            let again = try ExtractionReply(packet: reply.packet)
            take(reply.body, again.body, &frames)
        } catch {
            if let request = requested(packet) { precondition(request.packet == packet) }
        }
    }
    let codes = coder.codes(of: frames.cepstra)
    precondition(codes.count == frames.count && codes.allSatisfy { $0 == SpanPooling.silent || $0 < 2 })
    let spans = SpanPooling.pool(codes)
    precondition(spans.count == (frames.count + SpanPooling.framesPerSpan - 1) / SpanPooling.framesPerSpan)
    var described = SoundFrames(bands: frames.bands)
    if let values = described.descriptor()?.values { precondition(values.allSatisfy(\.isFinite)) }
    return 0
}

private let coder = FrameCoder(
    centroids: (0..<26).map { place in place == 0 || place == 14 ? 1 : 0 })

private func take(_ body: ExtractionReply.Body, _ again: ExtractionReply.Body, _ frames: inout FeatureFrames) {
    switch body {
    // A text that is cut within a letter has another end when it is cut again.
    case .failed(let failure, _): precondition(!failure.detail.utf8.contains { $0 < 32 })
    case .info(let info): precondition(info.duration >= 0 && info.duration.isFinite)
    default: precondition(again == body)
    }
    switch body {
    case .frames(let next) where frames.count < 4096: frames.append(next)
    // The catalog keeps sizes as signed numbers.
    case .finished(_, let size), .sound(_, _, _, let size): precondition(Int64(exactly: size) != nil)
    default: break
    }
}

private func requested(_ packet: [UInt8]) -> ExtractionRequest? {
    do throws(ExtractionProtocolError) { return try ExtractionRequest(packet: packet) } catch { return nil }
}
