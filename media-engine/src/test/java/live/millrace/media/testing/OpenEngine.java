// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.hls.HlsConfig;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.EngineConfig;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.server.Transport;

/** An engine on free ports of this machine: whoever names a channel as the key publishes to it, and everybody watches. */
public final class OpenEngine {
    /** The key is the channel. */
    public static final PublishAuthorizer EVERYBODY = attempt -> CompletableFuture.completedStage(
            new PublishDecision.Granted(attempt.key().orElseThrow().secret(), "key"));

    /** Notes nothing. */
    public static final PublishObserver SILENT = new Silent();

    /** Hears nothing. */
    public static final EngineListener DEAF = new Deaf();

    private OpenEngine() {}

    private static final class Silent implements PublishObserver {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {}

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {}

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {}
    }

    private static final class Deaf implements EngineListener {
        @Override
        public void stateChanged(StreamStatus status, StreamState from, StreamState to) {}

        @Override
        public void tracksChanged(StreamStatus status) {}
    }

    /** Cuts segments when somebody asks. */
    public static EngineConfig config(Path directory) {
        return config(directory, EngineConfig.defaults(directory).hls());
    }

    /** Cuts segments from the first picture on. */
    public static EngineConfig cuttingAlways(Path directory) {
        return config(directory, EngineConfig.defaults(directory).hls().cuttingAlways());
    }

    private static EngineConfig config(Path directory, HlsConfig hls) {
        EngineConfig defaults = EngineConfig.defaults(directory);
        return new EngineConfig(
                defaults.rtmp().at("127.0.0.1", 0),
                defaults.http().at("127.0.0.1", 0),
                defaults.hub(),
                defaults.fanout(),
                hls,
                Transport.AUTO);
    }

    /** The same with a program that makes sound of other sound. */
    public static EngineConfig converting(EngineConfig config, Path program) {
        return new EngineConfig(
                config.rtmp(),
                config.http(),
                config.hub(),
                config.fanout().converting(Optional.of(program)),
                config.hls(),
                config.transport());
    }

    public static MediaEngine start(EngineConfig config) {
        return MediaEngine.start(config, EnginePorts.openToViewers(EVERYBODY, SILENT, DEAF));
    }
}
