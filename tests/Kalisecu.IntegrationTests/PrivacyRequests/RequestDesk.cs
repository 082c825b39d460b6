using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Kalisecu.Accounts;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Kalisecu.Time;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.IntegrationTests.PrivacyRequests;

/// <summary>Members and staff who work on privacy requests, through the real server.</summary>
internal sealed class RequestDesk(TestServer server, GrpcChannel? channel = null)
{
    private static int made;

    public PrivacyRequestService.PrivacyRequestServiceClient Requests { get; } =
        new(channel ?? server.Channel(SpiffeKind.Frontend, "desk"));

    /// <summary>The language that requests are made in; unspecified: the person's.</summary>
    public RequestLanguage Language { get; init; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Instant Now => server.Clock.GetCurrentInstant();

    public string Today => LocalDatePattern.Iso.Format(Paris.DateOf(Now));

    public static string Address() => $"ana.{Interlocked.Increment(ref made)}@client.example";

    public Task<Metadata> OfficerAsync() => server.Given.SignedInAsync(Role.StaffDpo);

    /// <summary>A member who is signed in, and their identifier.</summary>
    public async Task<(Metadata Headers, Guid Tenant, Guid Member)> MemberAsync(string email)
    {
        var tenant = await server.Given.TenantAsync();
        var member = await server.Given.PersonAsync(tenant, PersonKind.Member, email, "Ana", "Loisel");
        var token = OpaqueToken.New();
        await server.Given.RunAsync(
            """
            insert into sessions (tenant_id, session_id, token_hash, person_id, role, multi_factor, frontend, create_time,
                use_time, expire_time)
            values ($1, $2, $3, $4, 'MemberReader', true, 'dashboard', $5, $5, $6)
            """,
            tenant,
            Ids.New(Now),
            OpaqueToken.Hash(token),
            member,
            Now,
            Now + Duration.FromDays(300)
        );
        return (new Metadata { { CallerIdentification.SessionHeader, token } }, tenant, member);
    }

    public async Task<PrivacyRequest> ReceiveAsync(string email, Metadata staff, params Right[] rights) =>
        (
            await Requests.ReceivePrivacyRequestAsync(
                new ReceivePrivacyRequestRequest
                {
                    RequestId = Guid.CreateVersion7().ToString("D"),
                    Channel = RequestChannel.Email,
                    ReceivedDate = Today,
                    Rights = { rights },
                    Email = email,
                    RequesterName = "Ana Loisel",
                    Details = "Que savez-vous de moi ?",
                    Language = Language,
                },
                staff,
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    public async Task<PrivacyRequest> CreateAsync(Metadata member, bool everywhere, params Right[] rights) =>
        (
            await Requests.CreatePrivacyRequestAsync(
                new CreatePrivacyRequestRequest
                {
                    Rights = { rights },
                    Everywhere = everywhere,
                    Language = Language,
                },
                member,
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    public async Task<PrivacyRequest> AttachAsync(string id, string fileName, byte[] document, Metadata staff)
    {
        using var call = Requests.AttachRequestOriginal(staff, cancellationToken: Cancel);
        try
        {
            await call.RequestStream.WriteAsync(
                new AttachRequestOriginalRequest
                {
                    Header = new OriginalHeader { PrivacyRequestId = id, FileName = fileName },
                },
                Cancel
            );
            foreach (var chunk in document.Chunk(64 * 1024))
            {
                await call.RequestStream.WriteAsync(
                    new AttachRequestOriginalRequest { Chunk = ByteString.CopyFrom(chunk) },
                    Cancel
                );
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception broken) when (broken is RpcException or InvalidOperationException)
        {
            // The server may refuse before it has read everything; its answer says why.
        }

        return (await call.ResponseAsync).PrivacyRequest;
    }

    public async Task<byte[]> DownloadAsync(string id, string originalId, Metadata staff)
    {
        using var call = Requests.DownloadRequestOriginal(
            new DownloadRequestOriginalRequest { PrivacyRequestId = id, OriginalId = originalId },
            staff,
            cancellationToken: Cancel
        );
        var read = new List<byte>();
        while (await call.ResponseStream.MoveNext(Cancel))
        {
            read.AddRange(call.ResponseStream.Current.Chunk);
        }

        return [.. read];
    }

    public async Task<PrivacyRequest> GetAsync(string id, Metadata headers) =>
        (
            await Requests.GetPrivacyRequestAsync(
                new GetPrivacyRequestRequest { PrivacyRequestId = id },
                headers,
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    public async Task<PrivacyRequest> CompleteAsync(string id) =>
        (
            await Requests.CompletePrivacyRequestAsync(
                new CompletePrivacyRequestRequest { PrivacyRequestId = id },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    public async Task AskWithCodeAsync(string id, Metadata staff) =>
        await Requests.AskForIdentityAsync(
            new AskForIdentityRequest
            {
                PrivacyRequestId = id,
                WithCode = true,
                Question = "Êtes-vous bien la personne que nous connaissons ?",
                Grounds = "The mail came from an address that anybody can write from.",
            },
            staff,
            cancellationToken: Cancel
        );

    /// <summary>The code of the newest question about who asks.</summary>
    public async Task<string> CodeAsync(string id) =>
        (await LetterAsync(id, "identity"))
            .Plain.Split('\n')
            .Single(line => line.Length == 9 && line.Count(char.IsAsciiDigit) == 8);

    public async Task<ConfirmIdentityResponse> ConfirmAsync(string id, string code) =>
        await Requests.ConfirmIdentityAsync(
            new ConfirmIdentityRequest { PrivacyRequestId = id, Code = code },
            cancellationToken: Cancel
        );

    /// <summary>What those who execute rights do, once every store has acknowledged.</summary>
    public Task RecordOutcomeAsync(string id, Right right) =>
        server
            .Services.GetRequiredService<AllTenants>()
            .RunAsync(
                async db =>
                {
                    var request = await Kalisecu.PrivacyRequests.RequestRecords.FindAsync(
                        db,
                        Guid.Parse(id),
                        person: null,
                        Cancel
                    );
                    var answered = Enum.Parse<Kalisecu.PrivacyRequests.Right>(right.ToString());
                    request.RecordOutcome(answered, Guid.CreateVersion7(), Now);
                    return await db.SaveChangesAsync(Cancel);
                },
                Cancel
            );

    /// <summary>The newest letter of a kind about a request: its recipient, subject and text in clear.</summary>
    public async Task<(string Recipient, string Subject, string Plain)> LetterAsync(string id, string kind)
    {
        await using var source = server.Database.OpenSuperuser();
        await using var command = source.CreateCommand(
            """
            select letter_id, recipient, subject, text_body, tenant_id from letters where cause_id = $1 and kind = $2
            order by create_time desc, letter_id desc limit 1
            """
        );
        command.Parameters.AddWithValue(Guid.Parse(id));
        command.Parameters.AddWithValue("privacy_request." + kind);
        await using var row = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await row.ReadAsync(Cancel), $"there is no letter {kind}");
        var key = server.Services.GetRequiredService<KeyRing>().For(row.GetGuid(4));
        var letter = row.GetGuid(0);
        return (
            key.DecryptText(await row.GetFieldValueAsync<byte[]>(1, Cancel), "recipient", letter),
            key.DecryptText(await row.GetFieldValueAsync<byte[]>(2, Cancel), "subject", letter),
            key.DecryptText(await row.GetFieldValueAsync<byte[]>(3, Cancel), "text_body", letter)
        );
    }

    public Task<long> CountAsync(string id, string kind) =>
        server.Given.AskAsync<long>(
            "select count(*) from letters where cause_id = $1 and kind = $2",
            Guid.Parse(id),
            "privacy_request." + kind
        );

    /// <summary>The steps of a request, in the order of the chain.</summary>
    public async Task<string> StepsAsync(string id) =>
        await server.Given.AskAsync<string>(
            """
            select coalesce(string_agg(substring(kind from '\.(.*)$'), ' ' order by sequence), '') from evidence_entries
            where subject_id = $1 and kind like 'privacy_request.%'
            """,
            Guid.Parse(id)
        );
}
