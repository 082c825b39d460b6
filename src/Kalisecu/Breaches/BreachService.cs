using Grpc.Core;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Declaring and reading; the steps of the procedure stand in the other half of this class.</summary>
internal sealed partial class BreachService(Calls calls, BreachSteps steps, BreachLists lists, IClock clock)
    : V1.BreachService.BreachServiceBase
{
    private readonly VerbCalls<Breach, V1.Breach> _verbs = new(
        calls,
        async (db, target, _, cancel) =>
        {
            var breach = await BreachRecords.FindAsync(db, target.Id, cancel);
            Etag.Require(target.Etag, breach.Version, "breach");
            return breach;
        },
        (db, breach, _, cancel) => lists.WriteAsync(db, breach, cancel)
    );

    public override Task<V1.DeclareBreachResponse> DeclareBreach(
        V1.DeclareBreachRequest request,
        ServerCallContext context
    )
    {
        var draft = BreachProto.Read(request, clock.GetCurrentInstant());
        var actor = Caller.Of(context).Actor;
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var breach = await steps.Handle.DeclareAsync(db, draft, actor, context.CancellationToken);
                return new V1.DeclareBreachResponse
                {
                    Breach = await lists.WriteAsync(db, breach, context.CancellationToken),
                };
            }
        );
    }

    public override Task<V1.GetBreachResponse> GetBreach(V1.GetBreachRequest request, ServerCallContext context) =>
        ReadAsync(
            context,
            BreachProto.ReadId(request.BreachId),
            async (db, breach) =>
                new V1.GetBreachResponse { Breach = await lists.WriteAsync(db, breach, context.CancellationToken) }
        );

    public override Task<V1.ListBreachesResponse> ListBreaches(
        V1.ListBreachesRequest request,
        ServerCallContext context
    )
    {
        var filter = BreachProto.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var (page, token) = await lists.ListAsync(db, filter, context.CancellationToken);
                return new V1.ListBreachesResponse { Breaches = { page }, NextPageToken = token };
            }
        );
    }

    public override Task<V1.GetNotificationFileResponse> GetNotificationFile(
        V1.GetNotificationFileRequest request,
        ServerCallContext context
    )
    {
        var (id, number) = BreachProto.Read(request);
        return ReadAsync(
            context,
            id,
            async (db, breach) =>
            {
                var file = await steps.Notify.ReadAsync(db, breach, number, context.CancellationToken);
                return new V1.GetNotificationFileResponse
                {
                    Html = file.Html,
                    Json = file.Json,
                    MissingFields = { file.Missing },
                };
            }
        );
    }

    public override Task<V1.PreviewBreachLetterResponse> PreviewBreachLetter(
        V1.PreviewBreachLetterRequest request,
        ServerCallContext context
    )
    {
        var (id, audience, wording) = BreachProto.Read(request);
        var language = request.English ? Language.En : Language.Fr;
        return ReadAsync(
            context,
            id,
            (_, breach) =>
            {
                var letter = steps.Letters.Write(breach, audience, language, wording, name: "");
                return Task.FromResult(
                    new V1.PreviewBreachLetterResponse { Subject = letter.Subject, Text = letter.Plain }
                );
            }
        );
    }

    public override Task<V1.ListBreachRecipientsResponse> ListBreachRecipients(
        V1.ListBreachRecipientsRequest request,
        ServerCallContext context
    )
    {
        var (id, audience, page) = BreachProto.Read(request);
        return ReadAsync(
            context,
            id,
            async (db, breach) =>
            {
                var (recipients, token) = await BreachLists.RecipientsAsync(
                    db,
                    breach,
                    audience,
                    page,
                    context.CancellationToken
                );
                return new V1.ListBreachRecipientsResponse { Recipients = { recipients }, NextPageToken = token };
            }
        );
    }

    public override Task<V1.ExportBreachRegisterResponse> ExportBreachRegister(
        V1.ExportBreachRegisterRequest request,
        ServerCallContext context
    )
    {
        var format = BreachProto.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var register = await steps.Register.WriteAsync(db, request.Drills, context.CancellationToken);
                return new V1.ExportBreachRegisterResponse
                {
                    Document = format switch
                    {
                        V1.BreachRegisterFormat.Csv => register.ToCsv(),
                        V1.BreachRegisterFormat.Json => register.ToJson(),
                        V1.BreachRegisterFormat.Html => register.ToHtml(),
                        _ => throw new InvalidOperationException($"No format: {format}"),
                    },
                    BreachCount = register.Rows.Count,
                };
            }
        );
    }

    private Task<T> ReadAsync<T>(ServerCallContext context, Guid breachId, Func<KalisecuDb, Breach, Task<T>> read) =>
        calls.ReadAsync(
            context,
            async db => await read(db, await BreachRecords.FindAsync(db, breachId, context.CancellationToken))
        );
}

/// <summary>What the steps of the procedure are done by.</summary>
internal sealed record BreachSteps(
    HandleBreaches Handle,
    NotifyAuthority Notify,
    FindAffected Affected,
    BreachLetters Letters,
    BreachRegister Register,
    AskForLetters Ask
);
