// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import live.millrace.platform.engine.Engine;
import live.millrace.platform.recording.VideoChanged;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Has the engine read again what changed: who may see a video, and that it is gone, holds at once. */
@Component
class ForgetfulEngine {
    private final ObjectProvider<Engine> engine;

    ForgetfulEngine(ObjectProvider<Engine> engine) {
        this.engine = engine;
    }

    @TransactionalEventListener
    void on(VideoChanged event) {
        engine.getObject().forgetRecording(event.id());
    }
}
