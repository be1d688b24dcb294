// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.util.Optional;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.SigningKeys;
import live.millrace.media.control.EngineListener;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.media.recording.SpanArchive;

/**
 * Whom the engine asks and tells.
 *
 * @param recordings where recordings are written down; nothing is recorded without it
 * @param archive where spans are that are not on the disk any more
 * @param signing by which addresses for caches are signed; none are given away without it
 */
public record EnginePorts(
        PublishAuthorizer publishAuthorizer,
        PublishObserver publishObserver,
        PlayAuthorizer playAuthorizer,
        PlayObserver playObserver,
        EngineListener listener,
        Optional<RecordingIndex> recordings,
        Optional<SpanArchive> archive,
        Optional<SigningKeys> signing) {
    /** Nothing is recorded. */
    public EnginePorts(
            PublishAuthorizer publishAuthorizer,
            PublishObserver publishObserver,
            PlayAuthorizer playAuthorizer,
            PlayObserver playObserver,
            EngineListener listener) {
        this(
                publishAuthorizer,
                publishObserver,
                playAuthorizer,
                playObserver,
                listener,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same, with recordings written down. */
    public EnginePorts with(RecordingIndex index) {
        return new EnginePorts(
                publishAuthorizer,
                publishObserver,
                playAuthorizer,
                playObserver,
                listener,
                Optional.of(index),
                archive,
                signing);
    }

    /** The same, with an archive behind the disk. */
    public EnginePorts with(SpanArchive behind) {
        return new EnginePorts(
                publishAuthorizer,
                publishObserver,
                playAuthorizer,
                playObserver,
                listener,
                recordings,
                Optional.of(behind),
                signing);
    }

    /** The same, with addresses for caches. */
    public EnginePorts with(SigningKeys keys) {
        return new EnginePorts(
                publishAuthorizer,
                publishObserver,
                playAuthorizer,
                playObserver,
                listener,
                recordings,
                archive,
                Optional.of(keys));
    }

    /** Everything can be watched by anybody. */
    public static EnginePorts openToViewers(
            PublishAuthorizer publishAuthorizer, PublishObserver publishObserver, EngineListener listener) {
        return new EnginePorts(
                publishAuthorizer, publishObserver, PlayAuthorizer.ANYBODY, PlayObserver.NOBODY, listener);
    }
}
