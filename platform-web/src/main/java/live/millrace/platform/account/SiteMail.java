// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Locale;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.Outcome;

/** Mail of the site to people who may have no account: what features write, by its server and with its signature. Thread-safe. */
public interface SiteMail {
    /** Whether the site can send mail. */
    boolean available();

    /** Where links begin. Where no mail can be sent there is nothing to ask. */
    String origin();

    /**
     * Hands a plain text to the server, which may be slow: called by a delivery, outside any transaction.
     *
     * @param language of the signature
     */
    Outcome send(Delivery delivery, String to, String subject, String text, Locale language);

    /**
     * Sends a mail now that says that mail works. Blocks as long as the server may take, half a minute at most.
     *
     * @return done, or why it was not taken, without the address
     */
    Outcome test(String to, Locale language);
}
