// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.progressive;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.endpoint.TsFeedEncoder;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.fanout.Viewer;
import live.millrace.media.frame.Track;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpStream;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamLocator;

/**
 * Answers for {@code .flv}, {@code .ts} and {@code .mp4}: a viewer waits until the stream is there, for some seconds, and then gets it
 * until it ends.
 */
public final class ProgressiveEndpoint implements Endpoint {
    /** @param commonSound those who ask for it know no new sound, most of them */
    private record Format(String name, String contentType, boolean commonSound, Supplier<FeedEncoder> encoder) {}

    private static final Format FLV = new Format("flv", "video/x-flv", true, FlvFeedEncoder::new);
    private static final Format TS = new Format("ts", "video/mp2t", true, TsFeedEncoder::new);
    private static final Format MP4 = new Format("mp4", "video/mp4", false, Mp4FeedEncoder::new);

    private final StreamAddresses addresses;
    private final StreamLocator locator;
    private final Feeds feeds;

    public ProgressiveEndpoint(StreamAddresses addresses, StreamLocator locator, Feeds feeds) {
        this.addresses = addresses;
        this.locator = locator;
        this.feeds = feeds;
    }

    @Override
    public String name() {
        return "progressive";
    }

    /** Adds the addresses to a router, with those that other servers' users know. */
    @Override
    public void register(HttpRouter router) {
        for (Format format : new Format[] {FLV, TS, MP4}) {
            for (String folder : addresses.folders()) {
                for (String end : new String[] {".", ".live."}) {
                    router.stream(
                            folder + "/{stream:any}" + end + format.name(),
                            new Subject.Stream(Subject.Use.SOCKET, format.name()),
                            request -> open(format, request));
                }
            }
        }
    }

    private CompletionStage<HttpStream> open(Format format, HttpRequest request) {
        return locator.locate(addresses.path(request).orElseThrow(), Demand.SOON)
                .thenApply(location -> {
                    Optional<LiveStream> found = location.here();
                    if (found.isEmpty()) {
                        return notLive();
                    }
                    return nothingFor(format, soundAlone(request), found.get())
                            .<HttpStream>map(line ->
                                    new HttpStream.Refused(HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, line)))
                            .orElseGet(
                                    () -> accepted(format, request.wantsWebSocket(), soundAlone(request), found.get()));
                });
    }

    /** Why an answer would never begin, in words: MPEG-TS carries not every codec. A stream that is not known yet may have all. */
    private static Optional<String> nothingFor(Format format, boolean soundAlone, LiveStream stream) {
        if (stream.tracks().isEmpty()) {
            return Optional.empty();
        }
        List<Track> wanted = stream.tracks().stream()
                .filter(track -> track.isDefault() && !(soundAlone && track.isVideo()))
                .toList();
        if (wanted.isEmpty()) {
            return Optional.of("This stream has no such track.");
        }
        if (!format.equals(TS) || wanted.stream().anyMatch(track -> TsMuxer.carries(track.format()))) {
            return Optional.empty();
        }
        boolean segments =
                wanted.stream().anyMatch(track -> track.format().codec().playsFromSegments());
        return Optional.of("MPEG-TS has no place for this stream's codecs. Play /" + stream.path()
                + (segments ? ".m3u8 or /" + stream.path() : "") + ".flv.");
    }

    private HttpStream accepted(Format format, boolean webSocket, boolean soundAlone, LiveStream stream) {
        Feeds.Format shared =
                new Feeds.Format((webSocket ? "ws-" : "") + format.name(), soundAlone, format.commonSound());
        Supplier<FeedEncoder> encoder =
                webSocket ? () -> new WebSocketFraming(format.encoder().get()) : format.encoder();
        String type = soundAlone && !format.equals(FLV)
                ? format.contentType().replace("video/", "audio/")
                : format.contentType();
        return new HttpStream.Accepted(
                type,
                (out, framing) ->
                        feeds.watch(stream, shared, encoder, webSocket ? goodbye(out) : Viewer.closing(out, framing)));
    }

    /** A viewer that hears of the stream's end in a frame of its own (RFC 6455 §5.5.1). */
    private static Viewer goodbye(ChannelHandlerContext out) {
        return new Viewer(
                out,
                null,
                () -> out.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                        .addListener(ChannelFutureListener.CLOSE));
    }

    private static boolean soundAlone(HttpRequest query) {
        return query.parameter("audio").filter("only"::equals).isPresent();
    }

    private static HttpStream notLive() {
        return new HttpStream.Refused(HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This channel is not live."));
    }
}
