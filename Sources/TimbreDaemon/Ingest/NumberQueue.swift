/// Numbers of files: first in, first out, in amortised constant time.
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
