import Testing

@testable import TimbreIndex

struct PackTests {
    private func index(from packs: [IndexPack]) -> TimbreIndex {
        var index = TimbreIndex()
        for (directory, path) in TimbreIndexTests.paths.enumerated().reversed() {
            index.setDirectory(Int64(directory), path: Array(path.utf8))
        }
        var next = Int64.min
        for pack in packs {
            #expect(add(pack.bytes, next...pack.last, to: &index))
            next = pack.last + 1
        }
        return index
    }

    private func add(_ bytes: [UInt8], _ files: ClosedRange<Int64>, to index: inout TimbreIndex) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe index.append(pack: RawSpan(_unsafeBytes: $0), of: files) }
    }

    @Test func anIndexMadeOfPacksIsTheOneThatWasPacked() {
        // Directories have other slots in the second, for they come in another order.
        var (first, plain, random) = TimbreIndexTests().library(9000, seed: 41, bits: 6)
        let second = index(from: first.packs)
        #expect(first.packs.count == 3 && first.packs.map(\.fileCount).reduce(0, +) == 9000)
        #expect(second.ids == first.ids)
        for id in first.ids {
            #expect(second.file(id) == first.file(id))
            #expect(second.path(of: id) == first.path(of: id))
        }
        TimbreIndexTests().expectSame(second, plain, [random.code(), random.code()])
        let queries = [random.vectors.next(), random.vectors.next()]
        #expect(VectorChangesTests.Answers(second, queries) == VectorChangesTests.Answers(first, queries))
        #expect(second.packs == first.packs)
    }

    @Test func whatIsMadeOfPacksCanBeChanged() {
        var (first, _, random) = TimbreIndexTests().library(5000, seed: 42, bits: 6)
        var second = index(from: first.packs)
        let changes = (0..<300).map { random.file(Int64($0) * 37) }
        for step in 0..<2 {
            if step == 0 { second.insert(changes) } else { first.insert(changes) }
        }
        for id in stride(from: Int64(0), to: 15_000, by: 7) {
            first.rename(id, directory: 1, name: Array("renamed".utf8))
            second.rename(id, directory: 1, name: Array("renamed".utf8))
        }
        first.remove((0..<200).map { $0 * 60 })
        second.remove((0..<200).map { $0 * 60 })
        #expect(second.ids == first.ids)
        #expect(second.ids.map { second.file($0) } == first.ids.map { first.file($0) })
    }

    @Test func damageOfAnyKindIsNoticed() {
        let (packed, _, _) = TimbreIndexTests().library(40, seed: 43, bits: 6)
        let bytes = packed.packs[0].bytes
        var index = TimbreIndex()
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << (place % 8)
            #expect(!add(damaged, 0...1000, to: &index), "byte \(place)")
        }
        for count in 0..<bytes.count { #expect(!add(Array(bytes[..<count]), 0...1000, to: &index)) }
        #expect(!add(bytes + bytes, 0...1000, to: &index))
        #expect(index.fileCount == 0 && index.segments.isEmpty)
        #expect(add(bytes, 0...1000, to: &index))
    }

    @Test func filesThatDoNotBelongToAPackAreNotTaken() {
        let (packed, _, _) = TimbreIndexTests().library(40, seed: 44, bits: 6)
        var index = TimbreIndex()
        for files in [1...1000, 0...100, 200...300] as [ClosedRange<Int64>] {
            #expect(!add(packed.packs[0].bytes, files, to: &index))
        }
        #expect(add(packed.packs[0].bytes, 0...117, to: &index))
    }

    @Test func theNextFilesEndWhereSoManyDo() {
        var (index, _, _) = TimbreIndexTests().library(10_000, seed: 45, bits: 6)
        index.remove([3, 6, 12_000])
        let ids = index.ids
        for start in [Int64.min, 0, 1, 9, 12_000, 12_287, 12_288, 29_997, 29_998] {
            for count in [1, 2, 3000, 4096, 9997, 9998] {
                let rest = ids.filter { $0 >= start }
                #expect(index.id(ofNext: count, from: start) == (rest.count < count ? nil : rest[count - 1]))
            }
        }
    }
}
