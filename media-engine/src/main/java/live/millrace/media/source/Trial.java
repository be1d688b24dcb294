// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.container.mp4.StillPicture;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import org.jspecify.annotations.Nullable;

/** One trial of an address: until there is a picture and all that was promised has shown itself, or its time is over. Confined to its loop. */
final class Trial implements SourceProtocol.Listener {
    /** Sound mostly comes with the picture; who waits for the picture is not kept waiting for it. */
    private static final long MORE_MILLIS = 1_000;

    /** The conversation, whose patience ends first, knows better why there is nothing. */
    private static final long LAST_WORD_MILLIS = 500;

    private final SourceAddress address;
    private final Surroundings around;
    private final EventLoop loop;
    private final CompletableFuture<Probe> result = new CompletableFuture<>();
    /** By the ids of their tracks: pictures first. */
    private final Map<Integer, String> codecs = new TreeMap<>();

    private final List<String> leftOut = new ArrayList<>();
    private final Set<Boolean> kinds = new LinkedHashSet<>();

    private SourceProtocol.@Nullable Conversation conversation;
    private @Nullable ScheduledFuture<?> limit;
    private @Nullable ScheduledFuture<?> more;
    private byte @Nullable [] picture;
    private boolean described;
    private boolean pictures;
    private boolean sound;
    private boolean datagrams;
    private boolean datagramsFailed;

    Trial(SourceAddress address, Surroundings around, EventLoop loop) {
        this.address = address;
        this.around = around;
        this.loop = loop;
        this.datagrams = address.datagrams();
    }

    CompletableFuture<Probe> result() {
        return result;
    }

    void start() {
        loop.execute(() -> {
            limit = loop.schedule(this::late, address.patience().toMillis() + LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
            connect();
        });
    }

    private void connect() {
        Optional<SourceProtocol> protocol = around.protocol(address);
        if (protocol.isEmpty()) {
            end(Optional.of(SourceFailure.PROTOCOL));
            return;
        }
        var _ = around.locate(address, protocol.get())
                .whenCompleteAsync((at, error) -> located(protocol.get(), at, error), loop);
    }

    private void located(SourceProtocol protocol, @Nullable InetSocketAddress at, @Nullable Throwable error) {
        if (result.isDone()) {
            return;
        }
        if (at == null) {
            end(Optional.of(
                    error instanceof ForbiddenAddressException
                            ? SourceFailure.FORBIDDEN_ADDRESS
                            : SourceFailure.UNREACHABLE));
            return;
        }
        conversation = protocol.begin(new SourceProtocol.Request(address, at, datagrams, loop, around.sockets()), this);
    }

    private void late() {
        if (picture != null) {
            end(Optional.empty());
        } else {
            boolean somebody = described || (conversation != null && conversation.isReached());
            end(Optional.of(somebody ? SourceFailure.NO_MEDIA : SourceFailure.UNREACHABLE));
        }
    }

    private void end(Optional<SourceFailure> failure) {
        ScheduledFuture<?> timer = limit;
        if (timer != null) {
            timer.cancel(false);
        }
        ScheduledFuture<?> second = more;
        if (second != null) {
            second.cancel(false);
        }
        SourceProtocol.Conversation going = conversation;
        conversation = null;
        if (going != null) {
            going.stop();
        }
        result.complete(
                new Probe(failure, List.copyOf(codecs.values()), List.copyOf(leftOut), Optional.ofNullable(picture)));
    }

    // ---- what comes ---------------------------------------------------------------------------------------------

    @Override
    public void described(String peer, boolean withPictures, boolean withSound) {
        described = true;
        pictures = withPictures;
        sound = withSound;
    }

    @Override
    public void track(Track track) {
        codecs.put(track.id(), track.format().codec().displayName());
    }

    @Override
    public void frame(MediaFrame frame) {
        kinds.add(frame.track().isVideo());
        if (picture == null && frame.track().isVideo() && frame.randomAccessPoint()) {
            picture = StillPicture.of(frame);
        }
        boolean seen = pictures ? picture != null : kinds.contains(false);
        if (!seen || result.isDone()) {
            return;
        }
        if (!sound || kinds.contains(false)) {
            end(Optional.empty());
        } else if (more == null) {
            more = loop.schedule(() -> end(Optional.empty()), MORE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void leftOut(LeftOut part) {
        leftOut.add(part.what());
    }

    @Override
    public void datagramsFail() {
        datagramsFailed = true;
    }

    @Override
    public void failed(SourceFailure failure, String why) {
        conversation = null;
        if (datagramsFailed && datagrams) {
            datagrams = false;
            leftOut.clear();
            codecs.clear();
            kinds.clear();
            connect();
        } else {
            end(Optional.of(failure));
        }
    }
}
