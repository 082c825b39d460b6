using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;

namespace Kalisecu.Cli.Commands.Parts;

/// <summary>One RPC that lists something, as generated clients offer it.</summary>
internal delegate AsyncUnaryCall<TResponse> ListCall<in TRequest, TResponse>(
    TRequest request,
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default
);

/// <summary>Follows the pages of any list of the contract: all have page_size, page_token and next_page_token.</summary>
internal static class Pages
{
    // The contract's largest page.
    private const int LargestPage = 1000;

    /// <summary>Lists as many as asked for, and says when there are more.</summary>
    public static async Task<int> ListAsync<TRequest, TResponse, T>(
        this Invocation run,
        TRequest request,
        ListCall<TRequest, TResponse> call,
        Func<TResponse, IEnumerable<T>> items,
        IReadOnlyList<Column<T>> columns,
        CancellationToken cancellationToken
    )
        where TRequest : IMessage
        where TResponse : IMessage
    {
        var limit = run.Get(Options.Limit) is > 0 and var given ? given : int.MaxValue;
        var rows = Follow(request, call, items, (int)Math.Min(limit + 1L, LargestPage), cancellationToken);

        // One more than is shown tells whether there are more.
        var isCut = false;
        var shown = rows.TakeWhile((_, index) => !(isCut = index >= limit));
        var count = await run.Output.RowsAsync(shown, columns, cancellationToken);
        if (isCut)
        {
            run.Output.Hint($"These are the first {count}; there are more: --limit 0 shows all.");
        }

        return ExitCodes.Ok;
    }

    private static async IAsyncEnumerable<T> Follow<TRequest, TResponse, T>(
        TRequest request,
        ListCall<TRequest, TResponse> call,
        Func<TResponse, IEnumerable<T>> items,
        int size,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where TRequest : IMessage
        where TResponse : IMessage
    {
        request.Descriptor.FindFieldByName("page_size").Accessor.SetValue(request, size);
        var token = request.Descriptor.FindFieldByName("page_token").Accessor;
        while (true)
        {
            var answer = await call(request, cancellationToken: cancellationToken);
            foreach (var item in items(answer))
            {
                yield return item;
            }

            var next = (string)answer.Descriptor.FindFieldByName("next_page_token").Accessor.GetValue(answer);
            if (next.Length == 0)
            {
                yield break;
            }

            token.SetValue(request, next);
        }
    }
}
