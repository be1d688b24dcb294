// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.util.Optional;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.control.EngineListener;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.media.recording.SpanArchive;

/**
 * Whom the engine asks and tells.
 *
 * @param recordings where recordings are written down; nothing is recorded without it
 * @param archive where spans are that are not on the disk any more
 */
public record EnginePorts(
        PublishAuthorizer publishAuthorizer,
        PublishObserver publishObserver,
        PlayAuthorizer playAuthorizer,
        PlayObserver playObserver,
        EngineListener listener,
        Optional<RecordingIndex> recordings,
        Optional<SpanArchive> archive) {
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
                archive);
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
                Optional.of(behind));
    }

    /** Everything can be watched by anybody. */
    public static EnginePorts openToViewers(
            PublishAuthorizer publishAuthorizer, PublishObserver publishObserver, EngineListener listener) {
        return new EnginePorts(
                publishAuthorizer, publishObserver, PlayAuthorizer.ANYBODY, PlayObserver.NOBODY, listener);
    }
}
