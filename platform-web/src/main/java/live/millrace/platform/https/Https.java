// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https;

import live.millrace.platform.audit.Actor;

/** What a person does about HTTPS. Thread-safe; asks the database alone. */
public interface Https {
    HttpsView view();

    /** Says what the certificate is for; answers false where that is no name, or the setting's to say. */
    boolean domain(String name, Actor actor);

    /** Agrees to the directory's terms that were shown; answers false when it asks for others by now. */
    boolean agree(String terms, Actor actor);

    /** Has it tried at once; answers false where that is too early. */
    boolean tryNow(Actor actor);
}
