using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.PrivacyRequests;

/// <summary>Extends, refuses, completes and takes back requests, each with its letter and its evidence.</summary>
internal sealed class AnswerPrivacyRequest(
    RequestRecords requests,
    RequestLetters letters,
    IEnumerable<IRequestObserver> observers,
    IClock clock
)
{
    public async Task ExtendAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string reasons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        request.Extend(Seal(reasons, "extend_reasons", request), clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["due"] = request.ExtendedDueDate,
            ["reasons"] = reasons,
        };
        await letters.PostAsync(db, request, "extension", "", values, recipient: null, cancellationToken);
        await requests.RecordAsync(
            db,
            request,
            "extended",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["due_date"] = LocalDatePattern.Iso.Format(request.ExtendedDueDate),
                ["rule_version"] = request.RuleVersion,
                ["reasons_digest"] = Digests.OfText(reasons),
            },
            cancellationToken
        );
    }

    public async Task RefuseAsync(
        KalisecuDb db,
        PrivacyRequest request,
        IReadOnlyList<Right> rights,
        string reasons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var refused = request.Refuse(rights, Seal(reasons, "close_reasons", request), now);
        await EndingAsync(db, request, refused, actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["refused"] = refused.Select(r => RequestWords.Of(r, request.Language)).ToList(),
            ["reasons"] = reasons,
        };
        await letters.PostAsync(
            db,
            request,
            "refusal",
            string.Join('-', refused),
            values,
            recipient: null,
            cancellationToken
        );
        await requests.RecordAsync(
            db,
            request,
            "refused",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["rights"] = string.Join(' ', refused),
                ["reasons_digest"] = Digests.OfText(reasons),
                ["late"] = Time.Paris.DateOf(now) > request.LastDay(Time.Paris.DateOf(now)),
            },
            cancellationToken
        );
    }

    /// <summary>Answers and closes; nothing is held when nobody is known.</summary>
    /// <param name="foundCount">How many persons are known by the request's address now.</param>
    public async Task CompleteAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string explanation,
        int foundCount,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var subjects = await RequestRecords.SubjectsAsync(db, request.PrivacyRequestId, cancellationToken);
        foreach (var observer in observers)
        {
            await observer.AnsweringAsync(db, request.PrivacyRequestId, cancellationToken);
        }

        var text = Seal(explanation, "close_reasons", request);
        if (subjects.Count > 0)
        {
            await TakeLinkedOutcomesAsync(db, request, subjects, now, cancellationToken);
            request.Complete(text, now);
        }
        else if (foundCount > 0)
        {
            throw PrivacyRequestErrors.PersonsFound(request.PrivacyRequestId, foundCount);
        }
        else
        {
            request.CompleteWithNothingHeld(text, now);
        }

        await db.SaveChangesAsync(cancellationToken);
        await letters.PostAsync(
            db,
            request,
            subjects.Count > 0 ? "answer" : "nothing-held",
            "",
            AnswerValues(request, explanation),
            recipient: null,
            cancellationToken
        );
        await requests.RecordAsync(
            db,
            request,
            "completed",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["person_count"] = subjects.Count,
                ["outcomes"] = string.Join(' ', request.Rights.Select(r => $"{r.Right}:{r.Outcome}")),
                ["late"] = request.AnsweredLate,
            },
            cancellationToken
        );
    }

    public async Task WithdrawAsync(
        KalisecuDb db,
        PrivacyRequest request,
        string reasons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        request.Withdraw(Seal(reasons, "close_reasons", request), clock.GetCurrentInstant());
        await EndingAsync(db, request, [.. request.Rights.Select(r => r.Right)], actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await requests.RecordAsync(
            db,
            request,
            "withdrawn",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["reasons_digest"] = Digests.OfText(reasons) },
            cancellationToken
        );
    }

    private async Task EndingAsync(
        KalisecuDb db,
        PrivacyRequest request,
        IReadOnlyList<Right> rights,
        string actor,
        CancellationToken cancellationToken
    )
    {
        foreach (var observer in observers)
        {
            await observer.EndingAsync(db, request.PrivacyRequestId, rights, actor, cancellationToken);
        }
    }

    /// <summary>A duplicate is answered with what the request did that it is linked to, when both are about the same persons.</summary>
    private static async Task TakeLinkedOutcomesAsync(
        KalisecuDb db,
        PrivacyRequest request,
        List<RequestSubject> subjects,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        if (request.LinkedPrivacyRequestId is not { } linkedId || request.IdentityMethod is null)
        {
            return;
        }

        var linked = await RequestRecords.FindAsync(db, linkedId, person: null, cancellationToken);
        var others = await RequestRecords.SubjectsAsync(db, linkedId, cancellationToken);
        if (
            linked.State is not PrivacyRequestState.Completed
            || !others.Select(s => s.Person).ToHashSet().SetEquals(subjects.Select(s => s.Person))
        )
        {
            return;
        }

        foreach (var right in request.Rights.Where(r => r.Outcome is null).Select(r => r.Right).ToList())
        {
            if (linked.Rights.FirstOrDefault(r => r.Right == right) is { Outcome: { } outcome, OutcomeId: var id })
            {
                request.RecordOutcome(right, id, now, outcome);
            }
        }
    }

    private static Dictionary<string, object?> AnswerValues(PrivacyRequest request, string explanation)
    {
        IReadOnlyList<IReadOnlyDictionary<string, object?>> answers =
        [
            .. request.Rights.OrderBy(r => r.Right).Select(r => Answer(r, request)),
        ];
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["answers"] = answers,
            ["explained"] = explanation.Length > 0,
            ["explanation"] = explanation,
            ["kept_until"] = request.KeptUntil,
        };
    }

    private static Dictionary<string, object?> Answer(RequestedRight right, PrivacyRequest request)
    {
        var isDone = right.Outcome is RightOutcome.Granted or RightOutcome.PartlyGranted;
        var values = Enum.GetValues<Right>()
            .ToDictionary(
                r => r.ToString().ToLowerInvariant(),
                r => (object?)(isDone && r == right.Right),
                StringComparer.Ordinal
            );
        values["right"] = RequestWords.Of(right.Right, request.Language);
        values["partly"] = right.Outcome is RightOutcome.PartlyGranted;
        values["refused"] = right.Outcome is RightOutcome.Refused;
        values["nothing"] = right.Outcome is RightOutcome.NothingHeld;
        return values;
    }

    private byte[]? Seal(string text, string what, PrivacyRequest request) =>
        requests.Seal(text, what, request.PrivacyRequestId);
}
