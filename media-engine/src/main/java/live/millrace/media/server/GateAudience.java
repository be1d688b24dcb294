// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.util.concurrent.CompletionStage;
import live.millrace.media.endpoint.http.PlayGate;
import live.millrace.media.endpoint.video.RecordingAudience;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.recording.Recording;

/** Who may have recordings is who passes the gate. */
record GateAudience(PlayGate gate) implements RecordingAudience {
    @Override
    public CompletionStage<Boolean> mayHave(HttpRequest request, Recording recording) {
        return gate.mayHave(request, recording);
    }

    @Override
    public CompletionStage<Boolean> mayList(HttpRequest request, StreamPath path) {
        return gate.mayList(request, path);
    }
}
