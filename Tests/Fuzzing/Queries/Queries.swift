import EarlierMetric
import FoundationEssentials
import SoundFeatures
import SystemPackage
import TimbreAnswers
import TimbreCodes
import TimbreLibrary
import TimbreWire
import Varlink

/// Searches and explanations by features that no extractor would send: there is an answer or a named error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var draw = Draw(rest: unsafe Array(UnsafeBufferPointer(start: start, count: count))[...])
    let peer = Peer(user: 0, groups: [], process: 1)
    do {
        if draw.chance() {
            let parameters = Explain.Parameters(a: draw.sound(), b: draw.sound())
            try Explain.check(parameters)
            _ = try JSON.encode(try smallLibrary.responder.explain(parameters, from: peer))
            let look = Look.Parameters(sound: parameters.a, at: parameters.at, columns: 1 + Int(draw.byte()))
            try Look.check(look)
            _ = try JSON.encode(try smallLibrary.responder.look(look, from: peer))
        } else {
            let parameters = draw.similar()
            try Similar.check(parameters)
            let reply = try smallLibrary.responder.similar(parameters, from: peer)
            precondition(reply.results.count <= parameters.count ?? 10)
            precondition(reply.results.map(\.distance) == reply.results.map(\.distance).sorted())
            _ = try JSON.encode(reply)
        }
    } catch is VarlinkError {
        // Out of range.
    } catch let error as LibraryError {
        if case .internal(let reason) = error { fatalError(reason) }
    } catch {
        fatalError("\(error)")
    }
    return 0
}

/// The library that all searches go to.
private let smallLibrary: SmallLibrary = {
    do { return try SmallLibrary() } catch { fatalError("\(error)") }
}()

/// Makes parameters of bytes.
private struct Draw {
    var rest: ArraySlice<UInt8>

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
    mutating func chance() -> Bool { byte() & 1 == 1 }

    mutating func number() -> Double {
        let bits = (0..<8).reduce(UInt64(0)) { number, _ in number << 8 | UInt64(byte()) }
        let number = Double(bitPattern: bits)
        // JSON has no others.
        return number.isFinite ? number : Double(bits >> 40)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count)) + [UInt8](repeating: 0, count: max(0, count - rest.count))
    }

    mutating func sound() -> QuerySound {
        switch byte() % 4 {
        case 0: return QuerySound(.code(bytes(16)))
        case 1: return QuerySound(.file(WirePath("/s/\(byte() % 12).wav".utf8)))
        default:
            let count = Int(byte() % 70)
            let features = QueryFeatures(
                sampleCount: Int(clamping: Int64(bitPattern: UInt64(bytes(8).reduce(0) { $0 << 8 | UInt64($1) }))),
                duration: number(), cepstra: Base64(bytes(count * FeatureFrames.cepstrumStride)),
                bands: chance() ? Base64(bytes(count * FeatureFrames.bandStride)) : nil,
                trimmedBands: chance() ? Base64(bytes(Int(byte() % 40) * FeatureFrames.bandStride)) : nil)
            return QuerySound(.features(features, path: nil))
        }
    }

    mutating func similar() -> Similar.Parameters {
        var parameters = Similar.Parameters(queries: (0..<1 + byte() % 3).map { _ in sound() })
        if chance() { parameters.not = [sound()] }
        if chance() { parameters.at = TimeSpan(start: number(), end: number()) }
        if chance() { parameters.count = Int(byte()) * 40 }
        if chance() { parameters.metric = chance() ? .codes : .timbre }
        if chance() { parameters.maxDistance = number() }
        if chance() {
            parameters.filter = FileFilter(
                glob: WirePath(bytes(Int(byte() % 8)) + [42]), minDuration: number(), maxDuration: number(),
                channels: Int(byte()), since: number())
        }
        (parameters.segments, parameters.includeSelf, parameters.offline) = (chance(), chance(), chance())
        return parameters
    }
}
