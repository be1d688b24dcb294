// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

/** Hears of the embedded server's own ends and starts. Called on the supervisor's thread. */
interface ServerWatch {
    /** @param what a sentence for the log */
    void gone(String what);

    /** It takes connections again. */
    void back();
}
