// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.control.EngineListener;

/** Whom the engine asks and tells. */
public record EnginePorts(
        PublishAuthorizer publishAuthorizer,
        PublishObserver publishObserver,
        PlayAuthorizer playAuthorizer,
        PlayObserver playObserver,
        EngineListener listener) {

    /** Everything can be watched by anybody. */
    public static EnginePorts openToViewers(
            PublishAuthorizer publishAuthorizer, PublishObserver publishObserver, EngineListener listener) {
        return new EnginePorts(
                publishAuthorizer, publishObserver, PlayAuthorizer.ANYBODY, PlayObserver.NOBODY, listener);
    }
}
