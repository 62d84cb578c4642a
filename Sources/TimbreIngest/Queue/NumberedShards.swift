/// Values by file number, cheap to copy.
///
/// Ingest makes each turn on a copy of its state. The first change to a copy of a dictionary copies all of it, which
/// for a million files takes longer than the turn; here it copies only the neighbours of the changed file.
struct NumberedShards<Value> {
    private var shards: [Int64: [Int64: Value]] = [:]
    private(set) var count = 0

    /// The low bits of a number, which tell the files of one shard apart.
    private static var bits: Int64 { 9 }

    var isEmpty: Bool { count == 0 }

    /// The numbers, in no order.
    var keys: some Sequence<Int64> { shards.values.lazy.flatMap(\.keys) }

    subscript(number: Int64) -> Value? {
        get { shards[number >> Self.bits]?[number] }
        set {
            let shard = number >> Self.bits
            if let newValue {
                if shards[shard, default: [:]].updateValue(newValue, forKey: number) == nil { count += 1 }
            } else {
                removeValue(forKey: number)
            }
        }
    }

    /// Changes a value where there is one.
    mutating func update(_ number: Int64, _ body: (inout Value) -> Void) {
        let shard = number >> Self.bits
        guard let place = shards.index(forKey: shard), let inner = shards.values[place].index(forKey: number) else {
            return
        }
        body(&shards.values[place].values[inner])
    }

    @discardableResult mutating func removeValue(forKey number: Int64) -> Value? {
        let shard = number >> Self.bits
        guard let place = shards.index(forKey: shard),
            let removed = shards.values[place].removeValue(forKey: number)
        else { return nil }
        if shards.values[place].isEmpty { shards.remove(at: place) }
        count -= 1
        return removed
    }
}

/// File numbers, cheap to copy.
struct NumberSet {
    private var members = NumberedShards<Void>()

    init() {}
    init(_ numbers: some Sequence<Int64>) { for number in numbers { insert(number) } }

    var count: Int { members.count }
    var isEmpty: Bool { members.isEmpty }
    func contains(_ number: Int64) -> Bool { members[number] != nil }
    mutating func insert(_ number: Int64) { members[number] = () }
    mutating func remove(_ number: Int64) { members.removeValue(forKey: number) }
}

/// File numbers, first in, first out, in amortised constant time.
struct NumberQueue {
    private var files: [Int64] = []
    private var head = 0

    var isEmpty: Bool { head == files.count }
    var count: Int { files.count - head }

    mutating func append(_ file: Int64) { files.append(file) }

    mutating func prepend(_ file: Int64) {
        if head == 0 {
            files.insert(file, at: 0)
        } else {
            head -= 1
            files[head] = file
        }
    }

    mutating func popFirst() -> Int64? {
        guard head < files.count else { return nil }
        defer {
            head += 1
            if head > 4096 && head * 2 > files.count {
                files.removeFirst(head)
                head = 0
            }
        }
        return files[head]
    }
}
