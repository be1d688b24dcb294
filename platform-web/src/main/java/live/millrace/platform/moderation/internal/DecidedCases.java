// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.moderation.CaseRights;
import live.millrace.platform.moderation.CaseView;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.moderation.Decision;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

@Service
class DecidedCases implements Cases {
    private static final Duration APPEAL_WITHIN = Duration.ofDays(30);
    private static final int MAX_APPEAL = 1_000;

    private final CaseStore store;
    private final EvidenceFiles files;
    private final CaseEffects effects;
    private final CaseTies ties;
    private final Notices notices;
    private final Audit audit;
    private final SiteSettings settings;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final Clock clock;

    DecidedCases(
            CaseStore store,
            EvidenceFiles files,
            CaseEffects effects,
            CaseTies ties,
            Notices notices,
            Audit audit,
            SiteSettings settings,
            TransactionTemplate transaction,
            JsonMapper json,
            Clock clock) {
        this.store = store;
        this.files = files;
        this.effects = effects;
        this.ties = ties;
        this.notices = notices;
        this.audit = audit;
        this.settings = settings;
        this.transaction = transaction;
        this.json = json;
        this.clock = clock;
    }

    // ---- looking ----------------------------------------------------------------------------------------------

    @Override
    public List<CaseView> find(Queue queue, AccountPrincipal staff, long before, int most) {
        return switch (queue) {
            case NEW -> store.fresh(staff.accountId(), most);
            case MINE -> store.claimedBy(staff.accountId(), before, most);
            case APPEALS -> store.appealed(staff.accountId(), before, most);
            case DONE -> store.decided(staff.accountId(), before, most);
        };
    }

    @Override
    public int waiting(long staffId) {
        return store.waiting(staffId);
    }

    @Override
    public Map<String, Integer> openReports(long staffId) {
        return ties.open(staffId);
    }

    @Override
    public Optional<CaseView> find(long id) {
        return store.find(id);
    }

    @Override
    public Optional<CaseView> find(long id, AccountPrincipal staff) {
        return store.find(id).filter(_ -> against(CaseRights.Act.SEE, id, staff).isEmpty());
    }

    @Override
    public boolean exists(long id, long staffId) {
        return ties.seen(id, staffId);
    }

    @Override
    public Optional<String> against(CaseRights.Act act, long id, AccountPrincipal staff) {
        CaseRights.Member who = new CaseRights.Member(staff.accountId(), staff.role());
        return ties.of(id).map(rights -> rights.against(act, who)).orElse(Optional.of(CaseRights.GONE));
    }

    @Override
    public List<ReportView> reports(long id) {
        return store.reports(id);
    }

    @Override
    public Evidence evidence(long id) {
        String stored = store.evidence(id);
        return stored.equals("{}") ? new Evidence(null, 0, null, List.of()) : json.readValue(stored, Evidence.class);
    }

    @Override
    public Optional<byte[]> thumbnail(long id) {
        return store.thumbnail(id);
    }

    @Override
    public Optional<byte[]> segment(long id, int number) {
        return files.read(id, number);
    }

    // ---- deciding ---------------------------------------------------------------------------------------------

    @Override
    public boolean claim(long id, AccountPrincipal staff) {
        return against(CaseRights.Act.DECIDE, id, staff).isEmpty() && store.claim(id, staff.accountId());
    }

    @Override
    public void release(long id, AccountPrincipal staff) {
        store.release(id, staff.accountId());
    }

    @Override
    public Optional<String> decide(long id, Decision decision, Duration length, String reason, AccountPrincipal staff) {
        Optional<CaseView> found = store.find(id);
        if (found.isEmpty()) {
            return Optional.of(CaseRights.GONE);
        }
        CaseView view = found.get();
        Optional<String> refused = against(CaseRights.Act.DECIDE, id, staff);
        if (refused.isPresent()) {
            return refused;
        }
        if (decision != Decision.DISMISS && reason.isBlank()) {
            return Optional.of("admin.case.not.reason");
        }
        if (effects.wouldReplace(view, decision, staff)) {
            return Optional.of(STANDS);
        }
        Long subject = view.subjectAccountId();
        Duration wanted = decision == Decision.END_AND_BLOCK && length.isZero()
                ? Duration.ofMinutes(settings.number(Setting.KEY_BLOCK_MINUTES))
                : length;
        Instant now = clock.instant();
        // All of it or nothing: a decision that stands has been carried out, and one that failed can be made again.
        boolean decided = Boolean.TRUE.equals(transaction.execute(_ -> {
            if (!store.decide(id, decision, reason, staff, now)) {
                return false;
            }
            if (decision != Decision.DISMISS && subject != null) {
                store.strike(subject, id, now, now.plus(Duration.ofDays(settings.number(Setting.STRIKE_DAYS))));
            }
            effects.carryOut(view, decision, wanted, reason, staff);
            tell(view, decision);
            audit.add(
                    staff.actor(),
                    "case.decide",
                    "#" + id + " " + view.subject(),
                    view.subjectAccountId(),
                    reason,
                    decision.name());
            return true;
        }));
        return decided ? Optional.empty() : Optional.of("admin.case.not.taken");
    }

    /** Both sides hear of it, with the words it was about. */
    private void tell(CaseView view, Decision decision) {
        String link = "/decisions/" + view.id();
        Long subject = view.subjectAccountId();
        if (subject != null && decision != Decision.DISMISS) {
            notices.tell(subject, "DECISION", view.excerpt(), link);
        }
        store.reporters(view.id())
                .forEach(reporter -> notices.tell(
                        reporter,
                        decision == Decision.DISMISS ? "REPORT_DISMISSED" : "REPORT_ACTED",
                        view.told(),
                        link));
    }

    // ---- appeals ----------------------------------------------------------------------------------------------

    @Override
    public boolean appeal(long id, long subjectAccountId, String text) {
        String clean = text.replace("\0", "").strip();
        return !clean.isEmpty()
                && store.appeal(
                        id,
                        subjectAccountId,
                        WellFormed.cut(clean, MAX_APPEAL),
                        clock.instant(),
                        clock.instant().minus(APPEAL_WITHIN));
    }

    @Override
    public Optional<String> answer(long id, boolean overturn, String text, AccountPrincipal staff) {
        Optional<CaseView> found = store.find(id);
        Optional<String> refused = against(CaseRights.Act.ANSWER, id, staff);
        if (found.isEmpty() || refused.isPresent()) {
            return refused.or(() -> Optional.of(CaseRights.GONE));
        }
        CaseView view = found.get();
        boolean answered = Boolean.TRUE.equals(transaction.execute(_ -> {
            if (!store.answer(id, overturn ? "OVERTURNED" : "UPHELD", text, clock.instant())) {
                return false;
            }
            if (overturn) {
                store.unstrike(id);
                effects.takeBack(view, staff.actor());
            }
            Long subject = view.subjectAccountId();
            if (subject != null) {
                notices.tell(subject, overturn ? "APPEAL_WON" : "APPEAL_LOST", view.excerpt(), "/decisions/" + id);
            }
            audit.add(
                    staff.actor(),
                    "case.appeal",
                    "#" + id + " " + view.subject(),
                    view.subjectAccountId(),
                    text,
                    overturn ? "OVERTURNED" : "UPHELD");
            return true;
        }));
        return answered ? Optional.empty() : Optional.of("admin.case.not.answered");
    }

    // ---- for those whom it concerns ---------------------------------------------------------------------------

    @Override
    public List<CaseView> about(long accountId, int most) {
        return store.about(accountId, most);
    }

    @Override
    public List<CaseView> about(long accountId, AccountPrincipal staff, int most) {
        return store.about(accountId, staff.accountId(), most);
    }

    @Override
    public List<CaseView> reportedBy(long accountId, int most) {
        return store.reportedBy(accountId, most);
    }

    @Override
    public boolean reportedBy(long id, long accountId) {
        return store.reporters(id).contains(accountId);
    }

    @Override
    public List<Strike> strikes(long accountId) {
        return store.strikes(accountId, clock.instant());
    }
}
