/// Asks again and again until something is so.
///
/// - Throws: ``TestFailure`` when it is not so within the limit, and whatever the condition throws.
package func waitUntil(
  _ what: String, within limit: Duration = .seconds(15), _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < end else { throw TestFailure("not within \(limit): \(what)") }
    // Only a pause between two looks: nothing depends on its length.
    try await Task.sleep(for: .milliseconds(10))
  }
}
