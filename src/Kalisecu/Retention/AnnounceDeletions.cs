using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.Tenants;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Language = Kalisecu.Outbox.Language;

namespace Kalisecu.Retention;

/// <summary>
/// Writes to the people of a client before its reports and technical data go, so that they can choose the archive: once for
/// each of the two days, however late the job runs.
/// </summary>
internal sealed class AnnounceDeletions(
    AllTenants allTenants,
    TenantDatabase database,
    LetterBox letters,
    LetterTemplates templates,
    KeyRing keys,
    IClock clock
) : IWorkerJob
{
    // Time enough to find out who decides, and once more shortly before.
    private static readonly int[] DaysBefore = [60, 15];

    private const int BatchSize = 10_000;

    public static JobDefinition Definition { get; } =
        new(
            "announce-deletions",
            "Writes to clients 60 and 15 days before their reports and technical data go",
            Schedule.Daily(8, 30),
            Duration.FromHours(12)
        );

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        var before = CalendarPeriod.TechnicalData.EndedBefore(now + Duration.FromDays(DaysBefore[0]));
        var clients = await allTenants.RunAsync(
            db => ClientRetention.UntilAsync(db, before, BatchSize, cancellationToken),
            cancellationToken
        );
        foreach (var client in clients.Where(c => !c.IsHeld && !c.IsOver(now)))
        {
            var left = Period.DaysBetween(Paris.DateOf(now), client.DeleteDate!.Value);
            // The nearest of the days that have come.
            var due = DaysBefore.Last(d => left <= d);
            run.Count(
                "letters",
                await database.InTenantAsync(
                    client.Tenant.TenantId,
                    db => WriteAsync(db, client, due, cancellationToken),
                    cancellationToken
                )
            );
        }

        return JobOutcome.Done;
    }

    private async Task<int> WriteAsync(
        KalisecuDb db,
        ClientRetention client,
        int daysBefore,
        CancellationToken cancellationToken
    )
    {
        var tenantId = client.Tenant.TenantId;
        var people = await (
            from m in db.Set<Member>().AsNoTracking()
            join p in db.Set<RegisteredPerson>()
                on new { m.TenantId, PersonId = m.MemberId } equals new { p.TenantId, p.PersonId }
            where m.TenantId == tenantId && m.State == MemberState.Active && m.Role == MemberRole.Owner
            orderby m.MemberId
            select new
            {
                m.MemberId,
                m.Email,
                p.Language,
            }
        ).ToListAsync(cancellationToken);
        var written = 0;
        foreach (var person in people)
        {
            var draft = new LetterDraft(
                $"retention/{client.DeleteDate}/{daysBefore}/{person.MemberId:D}",
                "retention.announced",
                LetterNature.Service,
                person.MemberId,
                keys.For(tenantId).DecryptText(person.Email, "email", person.MemberId),
                person.Language,
                Render(client, person.Language),
                "tenant",
                tenantId
            );
            written += await letters.PostAsync(db, draft, cancellationToken) ? 1 : 0;
        }

        return written;
    }

    private LetterText Render(ClientRetention client, Language language) =>
        templates.Render(
            "retention-announcement",
            language,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["client"] = client.Tenant.DisplayName,
                ["delete_date"] = client.DeleteDate!.Value,
                ["last_date"] = client.LastDate!.Value,
                ["archived"] = client.Archive is not null,
                ["deleted"] = client.Archive is null,
            }
        );
}
