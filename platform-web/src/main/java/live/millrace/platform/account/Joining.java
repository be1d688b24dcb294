// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/** Who may join, and who waits to. Thread-safe. */
public interface Joining {
    int MAX_REASON = 500;
    int MAX_LABEL = 50;
    int MAX_USES = 1_000;

    /** Somebody who asked to join. */
    record Applicant(long accountId, String username, String email, String reason, java.time.Instant at) {}

    SignUpMode mode();

    void change(SignUpMode mode);

    /** Whether a link's secret still lets somebody in. */
    boolean admits(String invite);

    /**
     * Makes an account as the mode of this moment allows.
     *
     * @param invite the secret of a link; empty without
     * @param reason why they want to join, where that is asked
     * @param together done with the id of an account that is in at once, in the transaction that makes it: both are, or neither
     */
    Registration register(
            String username, String email, String password, String invite, String reason, LongConsumer together);

    /** Those who wait, the first first. */
    List<Applicant> waiting();

    /** Lets somebody in; they are told by mail where the site can. Answers whether they waited. */
    boolean accept(long accountId);

    /** Sends somebody away; name and address are free again. Answers whether they waited. */
    boolean reject(long accountId);

    /** Makes a link; answers its secret, which is stored nowhere. */
    String invite(String label, int uses, Duration valid);

    List<InviteView> invites();

    boolean revokeInvite(long id);
}
