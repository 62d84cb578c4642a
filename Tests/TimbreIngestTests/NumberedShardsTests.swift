import Testing

@testable import TimbreIngest

struct NumberedShardsTests {
    @Test("Holds what a dictionary holds", arguments: 1...5)
    func holdsWhatADictionaryHolds(seed: UInt64) {
        var generator = SplitMix(state: seed)
        var shards = NumberedShards<Int>()
        var plain: [Int64: Int] = [:]
        var before = shards
        for step in 0..<4000 {
            let number = Int64(generator.next() % 3000) - 700
            switch generator.next() % 4 {
            case 0: #expect(shards.removeValue(forKey: number) == plain.removeValue(forKey: number))
            case 1:
                shards.update(number) { $0 += 1 }
                if let value = plain[number] { plain[number] = value + 1 }
            case 2 where step % 50 == 0:
                // A copy is not changed by what is done to the other.
                let (kept, members) = (before.keys.sorted(), before.count)
                shards[number] = nil
                plain[number] = nil
                #expect(before.keys.sorted() == kept && before.count == members)
                before = shards
            default:
                shards[number] = step
                plain[number] = step
            }
            #expect(shards[number] == plain[number])
        }
        #expect(shards.count == plain.count && shards.isEmpty == plain.isEmpty)
        #expect(shards.keys.sorted() == plain.keys.sorted())
        for (number, value) in plain { #expect(shards[number] == value) }
    }

    @Test func aSetHoldsEachNumberOnce() {
        var numbers = NumberSet([1, 5, 5, -3])
        #expect(numbers.count == 3 && numbers.contains(5) && !numbers.contains(2))
        numbers.insert(1)
        numbers.remove(5)
        numbers.remove(99)
        #expect(numbers.count == 2 && !numbers.contains(5))
        numbers.remove(1)
        numbers.remove(-3)
        #expect(numbers.isEmpty)
    }
}

/// Random numbers that are the same each time. Source: S. Vigna, SplitMix64.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
