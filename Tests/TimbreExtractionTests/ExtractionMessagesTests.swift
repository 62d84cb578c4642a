import ContentHash
import Testing

@testable import TimbreExtraction

struct ExtractionMessagesTests {
    static let info = SoundInfo(
        sampleRate: 44100, channelCount: 2, frameCount: 1 << 40, sampleCount: 7, format: "WAV, 16 bit PCM",
        isIncomplete: true)
    static let bodies: [ExtractionReply.Body] = [
        .began, .info(info), .finished(ContentHash(of: [1]), size: 12),
        .frames(FeatureFrames(cepstra: Array(repeating: 3, count: 60), bands: Array(repeating: 9, count: 208))),
        .failed(ExtractionFailure(.damaged, "breaks off"), nil),
        .failed(ExtractionFailure(.unknownFormat, "not audio"), ContentHash(of: [])),
    ]

    @Test("A reply survives the way", arguments: bodies)
    func survives(body: ExtractionReply.Body) throws {
        let reply = ExtractionReply(id: 0x0102_0304_0506_0708, body: body)
        #expect(try ExtractionReply(packet: reply.packet) == reply)
    }

    @Test("A reply that breaks off is refused", arguments: bodies)
    func refusesEveryPrefix(body: ExtractionReply.Body) {
        let packet = ExtractionReply(id: 1, body: body).packet
        for length in 0..<packet.count {
            #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: Array(packet.prefix(length))) }
        }
        #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: packet + [0]) }
    }

    @Test func aRequestSurvivesTheWay() throws {
        let request = ExtractionRequest(id: .max, work: .features, longest: 14400)
        #expect(try ExtractionRequest(packet: request.packet) == request)
        #expect(throws: ExtractionProtocolError.self) { try ExtractionRequest(packet: []) }
    }

    @Test func aFullPacketFits() {
        let frames = FeatureFrames(
            cepstra: Array(repeating: 0, count: 256 * FeatureFrames.cepstrumStride),
            bands: Array(repeating: 0, count: 256 * FeatureFrames.bandStride))
        #expect(frames.count == ExtractionReply.mostFrames)
        #expect(ExtractionReply(id: 0, body: .frames(frames)).packet.count <= ExtractionReply.longestPacket)
    }
}
