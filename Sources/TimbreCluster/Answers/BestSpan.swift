import ClusterShards
import TimbreCodes
import TimbreIndex

/// The span of a file that is nearest to any code of a query: by the bits that differ, then by those that are shared, then the
/// first.
struct BestSpan {
    let distance: Int
    let start: Double
    let end: Double

    init(of match: ShardMatch, to codes: [TimbreCode]) {
        let spans = stride(from: 0, to: match.codes.count, by: TimbreCode.byteCount).enumerated().compactMap {
            number, place in
            TimbreCode(bytes: match.codes[place..<min(place + TimbreCode.byteCount, match.codes.count)])
                .map { TimbreSpan(number: number, code: $0) }
        }.filter { !$0.isEmpty }
        let ranked = spans.map { span in
            (
                span,
                codes.map { (span.code.distance(to: $0), -span.code.sharedBits(with: $0)) }.min { $0 < $1 } ?? (0, 0)
            )
        }
        let best = ranked.min { $0.1 < $1.1 }
        distance = best?.1.0 ?? 0
        start = best?.0.start ?? 0
        end = best?.0.end(sampleCount: match.sampleCount) ?? match.duration
    }
}
