// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https;

/** Why there is no certificate, in kinds that people can do something about. Their words are texts of the console. */
public enum Trouble {
    /** No name server knows the name. */
    NO_NAME,
    /** Name servers did not answer the directory. */
    DNS,
    /** Somebody else answered the directory. */
    ELSEWHERE,
    /** Nobody answered at the port. */
    CLOSED,
    /** The domain's own records let only others issue for it (RFC 8659). */
    CAA,
    /** The directory wants to be left alone until a time. */
    RATE,
    /** Nobody has agreed to the directory's terms. */
    TERMS,
    /** They changed, and somebody has to look at the directory's own page. */
    TERMS_CHANGED,
    /** The directory does not issue for such a name. */
    REJECTED,
    /** The directory does not answer, or says that it is broken. */
    AWAY,
    /** The directory's own certificate is none that we trust. */
    UNTRUSTED,
    /** The directory does not know our account; another is made. */
    ACCOUNT,
    /** The directory wants to know accounts beforehand. */
    EXTERNAL,
    /** This machine's clock is wrong. */
    CLOCK,
    /** What is kept cannot be opened with the site's key. */
    KEY,
    /** Something else, which its detail says. */
    OTHER;

    /** The other way to prove the domain may go better. */
    public boolean ofTheWay() {
        return this == ELSEWHERE || this == CLOSED;
    }
}
