// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.concurrent.CompletionStage;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.recording.Recording;

/**
 * Tells who may have which recording, for those that an address does not name and as the last word on those that it does. Called on event
 * loops: returns at once.
 */
public interface RecordingAudience {
    /** Whether whoever asks may have a recording. */
    CompletionStage<Boolean> mayHave(HttpRequest request, Recording recording);

    /** Whether whoever asks may see of a stream's recordings those that are for everybody who may watch it. */
    CompletionStage<Boolean> mayList(HttpRequest request, StreamPath path);
}
