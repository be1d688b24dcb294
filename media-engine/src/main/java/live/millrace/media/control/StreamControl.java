// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;

/** Looks at live streams and ends them. Thread-safe; never blocks. */
public final class StreamControl {
    private final StreamRegistry registry;
    private final ToIntFunction<StreamPath> viewers;

    public StreamControl(StreamRegistry registry, ToIntFunction<StreamPath> viewers) {
        this.registry = registry;
        this.viewers = viewers;
    }

    /** The stream of a channel; empty while it is offline. */
    public Optional<StreamStatus> stream(String channel) {
        return StreamPath.of(channel).flatMap(registry::find).map(this::status);
    }

    /** All streams that are not offline. */
    public List<StreamStatus> streams() {
        return registry.streams().stream().map(this::status).toList();
    }

    /** Ends a channel's broadcast at once; answers whether there was one. */
    public boolean end(String channel) {
        return StreamPath.of(channel).map(registry::end).orElse(false);
    }

    /** Ends the broadcast that is published with a credential; answers whether there was one. */
    public boolean endCredential(String credentialId) {
        boolean any = false;
        for (LiveStream stream : registry.streams()) {
            if (stream.publisher()
                    .filter(publisher -> publisher.credentialId().equals(credentialId))
                    .isPresent()) {
                any |= registry.end(stream.path());
            }
        }
        return any;
    }

    /** Ends the broadcast of a publish session; answers whether there was one. */
    public boolean endSession(UUID sessionId) {
        return registry.streams().stream()
                .filter(stream -> stream.publisher()
                        .filter(publisher -> publisher.sessionId().equals(sessionId))
                        .isPresent())
                .findFirst()
                .map(stream -> registry.end(stream.path()))
                .orElse(false);
    }

    private StreamStatus status(LiveStream stream) {
        return StreamStatus.of(stream, viewers.applyAsInt(stream.path()));
    }
}
