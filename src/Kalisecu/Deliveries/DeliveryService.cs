using Grpc.Core;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.Deliveries;

internal sealed class DeliveryService(Calls calls, HandleLetters letters) : V1.DeliveryService.DeliveryServiceBase
{
    public override Task<V1.ListLettersResponse> ListLetters(V1.ListLettersRequest request, ServerCallContext context)
    {
        var query = LetterProto.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await HandleLetters.ListAsync(db, query, context.CancellationToken);
                return new V1.ListLettersResponse
                {
                    Letters = { rows.Take(query.Page.Size).Select(LetterProto.Write) },
                    NextPageToken = PageKeys.Next(query.Page, rows, l => l.CreateTime, l => l.LetterId),
                };
            }
        );
    }

    public override Task<V1.GetLetterResponse> GetLetter(V1.GetLetterRequest request, ServerCallContext context)
    {
        var (letterId, reason) = LetterProto.Read(request);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var letter = await HandleLetters.FindAsync(db, letterId, context.CancellationToken);
                var response = new V1.GetLetterResponse { Letter = LetterProto.Write(letter) };
                if (reason.Length > 0)
                {
                    var actor = Caller.Of(context).Actor;
                    response.Content = await letters.ReadAsync(db, letter, reason, actor, context.CancellationToken);
                }

                return response;
            }
        );
    }

    public override Task<V1.RetryLetterResponse> RetryLetter(V1.RetryLetterRequest request, ServerCallContext context)
    {
        var letterId = LetterProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var letter = await HandleLetters.FindAsync(db, letterId, context.CancellationToken);
                await letters.RetryAsync(db, letter, Caller.Of(context).Actor, context.CancellationToken);
                return new V1.RetryLetterResponse { Letter = LetterProto.Write(letter) };
            }
        );
    }

    public override Task<V1.MarkBouncedResponse> MarkBounced(V1.MarkBouncedRequest request, ServerCallContext context)
    {
        var (letterId, reason) = LetterProto.Read(request);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var letter = await HandleLetters.FindAsync(db, letterId, context.CancellationToken);
                await letters.BounceAsync(db, letter, reason, Caller.Of(context).Actor, context.CancellationToken);
                return new V1.MarkBouncedResponse { Letter = LetterProto.Write(letter) };
            }
        );
    }
}
