// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.chat.StoredMessage;
import org.jspecify.annotations.Nullable;

/** Reported things, for staff, and what became of them, for those whom it concerns. Thread-safe. */
public interface Cases {
    int MAX_REASON = 500;

    /** Somebody above suspended them already. */
    String STANDS = "admin.case.not.stands";

    /** Which cases are wanted. */
    enum Queue {
        /** Nobody has them yet; what more people reported and what is on air comes first. */
        NEW,
        MINE,
        APPEALS,
        DONE
    }

    /**
     * What somebody says.
     *
     * @param reporter a user name; null of an account that is gone, and of a guest
     * @param guestOf of a guest without an account, the channel that invited them
     */
    record ReportView(
            @Nullable String reporter,
            ReportReason reason,
            String text,
            Instant at,
            @Nullable String guestOf) {}

    /** What was to be seen when the first report came. */
    record Evidence(
            @Nullable String title, int viewers, @Nullable String broadcastId, List<StoredMessage> messages) {}

    record Strike(long caseId, Decision decision, Instant at, Instant expiresAt) {}

    /** Those that exist to this person, see {@link CaseRights}. */
    List<CaseView> find(Queue queue, AccountPrincipal staff, long before, int most);

    /** How many wait that exist to this person. */
    int waiting(long staffId);

    /** How many open reports there are about each channel, by name, of the cases that exist to this person. */
    Map<String, Integer> openReports(long staffId);

    /** For those whom it concerns. */
    Optional<CaseView> find(long id);

    /** As staff see it; empty also when it does not exist to this person. */
    Optional<CaseView> find(long id, AccountPrincipal staff);

    /** Whether it is hidden from this person by no rule. */
    boolean exists(long id, long staffId);

    /** @return what stands against it, a key under {@code admin.case.not}; empty when this person may */
    Optional<String> against(CaseRights.Act act, long id, AccountPrincipal staff);

    List<ReportView> reports(long id);

    Evidence evidence(long id);

    Optional<byte[]> thumbnail(long id);

    Optional<byte[]> segment(long id, int number);

    /**
     * Takes a case, so that two do not work on it; answers false when somebody else has it, it is decided, or they may not decide.
     */
    boolean claim(long id, AccountPrincipal staff);

    void release(long id, AccountPrincipal staff);

    /**
     * Ends a case: does what was decided, and tells both sides.
     *
     * @param length for decisions that have one; zero is for ever
     * @return what stands against it, a key under {@code admin.case.not}; empty when it is done
     */
    Optional<String> decide(long id, Decision decision, Duration length, String reason, AccountPrincipal staff);

    /** Asks for another look; answers false when there is nothing to appeal. */
    boolean appeal(long id, long subjectAccountId, String text);

    /**
     * Answers an appeal; overturned, what can be taken back is.
     *
     * @return what stands against it, a key under {@code admin.case.not}; empty when it is done
     */
    Optional<String> answer(long id, boolean overturn, String text, AccountPrincipal staff);

    /** What was decided about somebody, the newest first. */
    List<CaseView> about(long accountId, int most);

    /** The same as staff see it. */
    List<CaseView> about(long accountId, AccountPrincipal staff, int most);

    /** What somebody reported, the newest first. */
    List<CaseView> reportedBy(long accountId, int most);

    boolean reportedBy(long id, long accountId);

    /** Those that count still. */
    List<Strike> strikes(long accountId);
}
