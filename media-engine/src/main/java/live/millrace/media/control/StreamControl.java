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

    /** The stream of a path; empty while it is offline. */
    public Optional<StreamStatus> stream(StreamPath path) {
        return registry.find(path).map(this::status);
    }

    /** The stream of a channel, a name in the application {@value StreamPath#LIVE}; empty while it is offline. */
    public Optional<StreamStatus> stream(String channel) {
        return StreamPath.of(StreamPath.LIVE, channel).flatMap(this::stream);
    }

    /** All streams that are not offline. */
    public List<StreamStatus> streams() {
        return registry.streams().stream().map(this::status).toList();
    }

    /** Ends a broadcast at once; answers whether there was one. */
    public boolean end(StreamPath path) {
        return registry.end(path);
    }

    /** Ends a channel's broadcast at once; answers whether there was one. */
    public boolean end(String channel) {
        return StreamPath.of(StreamPath.LIVE, channel).map(this::end).orElse(false);
    }

    /** Ends the broadcast that is published with a credential; answers whether there was one. */
    public boolean endCredential(String credentialId) {
        boolean any = false;
        for (LiveStream stream : registry.streams()) {
            if (stream.publisher()
                    .filter(publisher -> publisher
                            .credentialId()
                            .filter(credentialId::equals)
                            .isPresent())
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
