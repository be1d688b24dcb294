// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.Role;
import org.jspecify.annotations.Nullable;

/**
 * The one rule of who may do what about a case. Nobody judges themselves, and nobody judges what they brought before the others:
 * to its subject, to who owns or moderates the channel that it is about, and to those who reported it, a case does not exist in the
 * console. Nobody decides about whoever is as high as they are. An appeal is somebody else's than the decider's, and nobody's whose
 * role is lower than theirs was.
 *
 * @param subjectRole null when they are gone
 * @param channelPeople who owns and who moderates the channel, where the case is about a channel
 * @param decidedRole what the decider was when they decided
 * @param staff everybody who can moderate the site at this moment
 */
public record CaseRights(
        @Nullable Long subject,
        @Nullable Role subjectRole,
        @Nullable Long channelOwner,
        Set<Long> channelPeople,
        Set<Long> reporters,
        @Nullable Long decider,
        @Nullable Role decidedRole,
        List<Member> staff) {
    /** Somebody of the staff. */
    public record Member(long id, Role role) {}

    public enum Act {
        /** In the queue, the page, who reported, evidence, counts. */
        SEE,
        /** Claim, give back, and every decision, a dismissal among them. */
        DECIDE,
        /** An appeal. */
        ANSWER
    }

    /** To whom it does not exist is told nothing else. */
    public static final String GONE = "admin.case.not.yours";

    private boolean alone(Member who) {
        return staff.stream().allMatch(other -> other.id() == who.id());
    }

    private boolean party(Member who) {
        boolean about = (subject != null && subject == who.id()) || (channelOwner != null && channelOwner == who.id());
        // Whoever is the only one would leave the channels that they help out in without anybody.
        return about || reporters.contains(who.id()) || (channelPeople.contains(who.id()) && !alone(who));
    }

    /** @return what stands against it, a key under {@code admin.case.not}; empty when they may */
    public Optional<String> against(Act act, Member who) {
        if (!who.role().atLeast(Role.MODERATOR) || party(who)) {
            return Optional.of(GONE);
        }
        if (act == Act.SEE) {
            return Optional.empty();
        }
        if (subjectRole != null && !who.role().mayJudge(subjectRole)) {
            return Optional.of("admin.case.not.senior");
        }
        if (act == Act.ANSWER) {
            if (decidedRole != null && !who.role().atLeast(decidedRole)) {
                return Optional.of("admin.case.not.below");
            }
            if (decider != null && decider == who.id() && others(who)) {
                return Optional.of("admin.case.not.own");
            }
        }
        return Optional.empty();
    }

    /** Whether there is anybody else who could answer an appeal: where one person is all there is, it is theirs. */
    private boolean others(Member decider) {
        return staff.stream()
                .filter(other -> other.id() != decider.id())
                .anyMatch(other -> against(Act.ANSWER, other).isEmpty());
    }
}
