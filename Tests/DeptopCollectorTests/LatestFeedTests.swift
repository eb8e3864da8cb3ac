import DeptopTestSupport
import Testing

@testable import DeptopCollector

@Suite(.timeLimit(.minutes(1)))
struct LatestFeedTests {
  @Test func `a slow reader finds the newest value and none of those in between`() async {
    let feed = LatestFeed<Int>()
    feed.publish(1)
    var reader = feed.subscribe().makeAsyncIterator()
    #expect(await reader.next() == 1)
    for value in 2...1000 { feed.publish(value) }
    #expect(await reader.next() == 1000)
    feed.finish()
    #expect(await reader.next() == nil)
  }

  @Test func `a subscriber begins with the newest value`() async {
    let feed = LatestFeed<Int>()
    feed.publish(1)
    feed.publish(2)
    var reader = feed.subscribe().makeAsyncIterator()
    #expect(await reader.next() == 2)
    #expect(feed.latest == 2)
  }

  @Test func `who subscribes after the end is told at once`() async {
    let feed = LatestFeed<Int>()
    feed.publish(1)
    feed.finish()
    var reader = feed.subscribe().makeAsyncIterator()
    #expect(await reader.next() == nil)
  }

  @Test func `a reader that goes away is forgotten`() async throws {
    let feed = LatestFeed<Int>()
    let reading = Task { for await _ in feed.subscribe() {} }
    try await waitUntil("it reads") { feed.subscriberCount == 1 }
    reading.cancel()
    await reading.value
    #expect(feed.subscriberCount == 0)
  }

  @Test func `with many publishers no reader is left with an older value than the newest`() async {
    for _ in 0..<200 {
      let feed = LatestFeed<Int>()
      var reader = feed.subscribe().makeAsyncIterator()
      await withTaskGroup { group in
        for value in 0..<8 { group.addTask { feed.publish(value) } }
      }
      let newest = feed.latest
      #expect(await reader.next() == newest)
    }
  }
}
