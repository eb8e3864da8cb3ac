internal import Hummingbird
internal import NIOCore

/// What a route knows of its request besides the request itself.
struct CollectorRequestContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: Source) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}
