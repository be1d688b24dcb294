// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
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
    private final Accounts accounts;
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
            Accounts accounts,
            Notices notices,
            Audit audit,
            SiteSettings settings,
            TransactionTemplate transaction,
            JsonMapper json,
            Clock clock) {
        this.store = store;
        this.files = files;
        this.effects = effects;
        this.accounts = accounts;
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
            case NEW -> store.fresh(most);
            case MINE -> store.claimedBy(staff.accountId(), before, most);
            case APPEALS -> store.appealed(before, most);
            case DONE -> store.decided(before, most);
        };
    }

    @Override
    public int waiting() {
        return store.waiting();
    }

    @Override
    public Optional<CaseView> find(long id) {
        return store.find(id);
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
        return store.claim(id, staff.accountId());
    }

    @Override
    public void release(long id, AccountPrincipal staff) {
        store.release(id, staff.accountId());
    }

    @Override
    public Optional<String> decide(long id, Decision decision, Duration length, String reason, AccountPrincipal staff) {
        Optional<CaseView> found = store.find(id);
        if (found.isEmpty()) {
            return Optional.of("admin.case.not.gone");
        }
        CaseView view = found.get();
        if (decision != Decision.DISMISS && reason.isBlank()) {
            return Optional.of("admin.case.not.reason");
        }
        Optional<AccountView> subject =
                Optional.ofNullable(view.subjectAccountId()).flatMap(accounts::find);
        boolean senior = subject.filter(account ->
                        account.role().atLeast(Role.MODERATOR) && account.role().atLeast(staff.role()))
                .isPresent();
        if (decision != Decision.DISMISS && senior) {
            return Optional.of("admin.case.not.senior");
        }
        Duration wanted = decision == Decision.END_AND_BLOCK && length.isZero()
                ? Duration.ofMinutes(settings.number(Setting.KEY_BLOCK_MINUTES))
                : length;
        Instant now = clock.instant();
        // All of it or nothing: a decision that stands has been carried out, and one that failed can be made again.
        boolean decided = Boolean.TRUE.equals(transaction.execute(_ -> {
            if (!store.decide(id, decision, reason, staff.accountId(), now)) {
                return false;
            }
            if (decision != Decision.DISMISS && subject.isPresent()) {
                store.strike(
                        subject.get().id(), id, now, now.plus(Duration.ofDays(settings.number(Setting.STRIKE_DAYS))));
            }
            effects.carryOut(view, decision, wanted, reason, staff.actor());
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
                        view.excerpt(),
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
    public boolean answer(long id, boolean overturn, String text, AccountPrincipal staff) {
        Optional<CaseView> found = store.find(id);
        if (found.isEmpty()) {
            return false;
        }
        CaseView view = found.get();
        return Boolean.TRUE.equals(transaction.execute(_ -> {
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
    }

    // ---- for those whom it concerns ---------------------------------------------------------------------------

    @Override
    public List<CaseView> about(long accountId, int most) {
        return store.about(accountId, most);
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
