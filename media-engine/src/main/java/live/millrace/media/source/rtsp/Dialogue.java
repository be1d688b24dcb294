// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import live.millrace.media.protocol.rtsp.ClientLogin;
import live.millrace.media.protocol.rtsp.RtspHeaders;
import live.millrace.media.protocol.rtsp.RtspMessage;
import live.millrace.media.protocol.rtsp.RtspWriter;
import live.millrace.media.source.SourceAddress;
import org.jspecify.annotations.Nullable;

/**
 * Requests and their answers. Answers belong to requests by their order: some cameras answer with the number of another one. A challenge to
 * log in is met here, once, and again when only its nonce has become old. Confined to the channel's event loop.
 */
final class Dialogue {
    private static final int UNAUTHORIZED = 401;

    /** Signs of life that nobody answered; the oldest is forgotten. */
    private static final int MOST_OPEN = 16;

    /** The first, and one whose nonce has become old: a camera that finds every nonce old is not asked for ever. */
    private static final int MOST_CHALLENGES = 2;

    private static final String AGENT = "Millrace";

    /**
     * A request without its answer.
     *
     * @param vital nothing goes on without it
     * @param challenges how often it was answered with one
     */
    private record Open(
            String method,
            String uri,
            List<RtspHeaders.Header> more,
            Consumer<RtspMessage.Response> then,
            boolean vital,
            int challenges) {
        Open challenged() {
            return new Open(method, uri, more, then, vital, challenges + 1);
        }
    }

    private final Channel channel;
    private final Optional<ClientLogin> login;
    private final Runnable loggedOut;
    private final Deque<Open> open = new ArrayDeque<>();

    private int sequence;
    private @Nullable String session;
    private boolean answered;

    /** @param loggedOut run when the other side does not take user and password */
    Dialogue(Channel channel, SourceAddress address, Runnable loggedOut) {
        this.channel = channel;
        this.login = address.user().isEmpty()
                ? Optional.empty()
                : Optional.of(new ClientLogin(address.user(), address.password()));
        this.loggedOut = loggedOut;
    }

    /** Something came, whatever it was. */
    boolean answered() {
        return answered;
    }

    /** Named in every request from now on. */
    void session(String id) {
        session = id;
    }

    boolean hasSession() {
        return session != null;
    }

    /** Asks, and has the answer taken. */
    void ask(String method, String uri, List<RtspHeaders.Header> more, Consumer<RtspMessage.Response> then) {
        var _ = send(new Open(method, uri, more, then, true, 0));
    }

    /** Asks, and does not count on an answer: some cameras never answer signs of life. */
    ChannelFuture tell(String method, String uri, Consumer<RtspMessage.Response> then) {
        return send(new Open(method, uri, List.of(), then, false, 0));
    }

    private ChannelFuture send(Open request) {
        if (open.size() == MOST_OPEN) {
            open.poll();
        }
        open.add(request);
        List<RtspHeaders.Header> headers = new ArrayList<>();
        headers.add(new RtspHeaders.Header("CSeq", Integer.toString(++sequence)));
        headers.add(new RtspHeaders.Header("User-Agent", AGENT));
        String id = session;
        if (id != null) {
            headers.add(new RtspHeaders.Header("Session", id));
        }
        login.flatMap(each -> each.authorization(request.method, request.uri))
                .ifPresent(value -> headers.add(new RtspHeaders.Header("Authorization", value)));
        headers.addAll(request.more);
        ByteBuf out = channel.alloc().buffer();
        RtspWriter.write(new RtspMessage.Request(request.method, request.uri, new RtspHeaders(headers), ""), out);
        return channel.writeAndFlush(out);
    }

    /** Takes an answer. */
    void answer(RtspMessage.Response response) {
        answered = true;
        Open request = open.poll();
        if (request == null) {
            return;
        }
        if (response.status() != UNAUTHORIZED) {
            request.then.accept(response);
            return;
        }
        // A nonce that is old is met with the next sign of life, said or not.
        boolean again =
                login.isPresent() && login.get().challenged(response.headers().all("WWW-Authenticate"));
        if (again && request.challenges < MOST_CHALLENGES) {
            var _ = send(request.challenged());
        } else if (request.vital) {
            loggedOut.run();
        }
    }

    /** The other side asks something of us: nothing that we do. */
    void refuse(RtspMessage.Request request) {
        answered = true;
        RtspHeaders headers =
                RtspHeaders.NONE.with("CSeq", request.headers().get("CSeq").orElse("0"));
        ByteBuf out = channel.alloc().buffer();
        RtspWriter.write(new RtspMessage.Response(501, "Not Implemented", headers, ""), out);
        var _ = channel.writeAndFlush(out);
    }
}
