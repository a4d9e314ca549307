namespace PackingKit;

/// <summary>
/// The numbers that steer the exact searches, with their reasons. No proof depends on them: another value costs or saves time or memory,
/// and may lead to another packing.
/// </summary>
internal static class SearchTuning
{
    /// <summary>
    /// How far a solver's value may be from an integer and still count as one. Solvers work to about 1e-7. It steers dives, branching and
    /// the end of a relaxation, and reads CP-SAT's integer bounds, which come in doubles; the bounds of relaxations are computed in
    /// integers.
    /// </summary>
    public const double Tolerance = 1e-6;

    /// <summary>
    /// How much more than a bin a pattern must be worth to join the program. Less would add columns that improve nothing but the last
    /// digits.
    /// </summary>
    public const double PricingTolerance = 1e-9;

    // The search as a whole

    /// <summary>
    /// Most distinct sizes that column generation is tried with: each is a row of the linear program and of the knapsack table.
    /// </summary>
    public const int MaxTypes = 20_000;

    /// <summary>Dives of `exact` for one number of bins: few, because the tree dives again.</summary>
    public const int ExactDives = 2;

    /// <summary>Dives of `tight` for one number of bins: they are all it has.</summary>
    public const int TightDives = 20;

    // Column generation

    /// <summary>
    /// Patterns that one round adds: enough to need few rounds, not so many that the program grows faster than it improves.
    /// </summary>
    public const int PatternsPerRound = 100;

    /// <summary>
    /// Weight of the best known prices at first (Wentges 1997); the rest is the solver's, which swing from round to round.
    /// </summary>
    public const double Smoothing = 0.6;

    /// <summary>How much the smoothing is lowered when smoothed prices find no pattern any more.</summary>
    public const double SmoothingStep = 0.2;

    /// <summary>
    /// What a pattern must be worth under smoothed prices, in bins. Slightly less than 1: under the solver's own prices, which decide, it
    /// may be worth more.
    /// </summary>
    public const double SmoothedThreshold = 0.99;

    /// <summary>
    /// Most that a bin full of one type may be worth, in bins; prices are cut to it. Prices of unfinished programs can be far larger, which
    /// improves no bound, and their sums must fit the integers.
    /// </summary>
    public const double MaxWorth = 2;

    /// <summary>
    /// Cost of the column that covers one item without a pattern, in bins. More than a bin of its own costs, so that the solution uses it
    /// only while patterns are missing.
    /// </summary>
    public const double CostOutside = 2;

    /// <summary>Most that demands are shaken by for another of many optimal price vectors: little beside a demand of 1.</summary>
    public const double DemandJitter = 1e-3;

    // Pricing

    /// <summary>
    /// Patterns of one round that may hold the same type: the others cover other types, which a single best pattern does not.
    /// </summary>
    public const int PatternsWithOneType = 6;

    /// <summary>Most copies of its heaviest type that are tried for the value of a pattern; many light copies differ little.</summary>
    public const long MaxCopiesTried = 64;

    /// <summary>Nodes for a good pattern that begins with one type: only an extra column is at stake.</summary>
    public const long NodesPerStart = 300;

    /// <summary>Nodes for the best pattern of all: the bound is at stake. Where they run out, the bound of the table is used.</summary>
    public const long NodesForBest = 100_000;

    /// <summary>
    /// Nodes for the best pattern where the bound hangs on it, about a second: only where the relaxation needs more bins than the prices
    /// prove.
    /// </summary>
    public const long NodesForSharpBest = 10_000_000;

    /// <summary>Types that branching looks at between two looks at the stop signal: some milliseconds.</summary>
    public const long TypesPerLook = 1 << 19;

    /// <summary>Distinct types in one pattern, as far as branching goes: two frames of some 200 bytes each.</summary>
    public const int MaxTypesByBranching = 400;

    /// <summary>The most workers that CP-SAT accepts; with more it calls the model invalid.</summary>
    public const int MaxCpSatWorkers = 10_000;

    /// <summary>Nodes for each pattern that a complete list may hold, before the list is given up.</summary>
    public const long NodesPerListedPattern = 200;

    /// <summary>Entries of one knapsack table, 8 bytes each: 0.3 GB.</summary>
    public const long MaxTableEntries = 40_000_000;

    /// <summary>Largest capacity whose table has one entry for each unit.</summary>
    public const long MaxExactUnits = 32_000;

    /// <summary>
    /// Units that a larger capacity is divided into: where weights are rounded anyway, a small table and a search over exact weights are
    /// faster than a large table.
    /// </summary>
    public const long CoarseUnits = 8_000;

    /// <summary>Fewest units that a table is worth building with; where the item limit would leave fewer, items are not counted.</summary>
    public const int MinUnits = 64;

    // Branch and price

    /// <summary>
    /// Nodes of the first turn, where a search for the bound and one for a bin less than the best take turns of doubling length: neither
    /// can keep the other waiting for long.
    /// </summary>
    public const int NodesPerTurn = 4;

    /// <summary>
    /// One node in this many begins with a dive, the root first. A dive prices many times over, so not every node has one.
    /// </summary>
    public const int NodesPerDive = 5;

    /// <summary>
    /// Price vectors whose mean is the central one at the root, where a short list of patterns can end the search at once.
    /// </summary>
    public const int PriceVectorsAtRoot = 9;

    /// <summary>Price vectors whose mean is the central one below the root, where time for many nodes counts more.</summary>
    public const int PriceVectors = 2;

    /// <summary>Patterns for each type up to which CP-SAT decides the root: a longer list is worth one attempt.</summary>
    public const int PatternsPerTypeAtRoot = 3;

    /// <summary>
    /// Patterns for each type up to which CP-SAT decides a node: fewer than at the root, since it is asked at every node.
    /// </summary>
    public const double PatternsPerType = 1.8;

    /// <summary>Deterministic time of CP-SAT (about seconds) for a list within <see cref="PatternsPerType"/>.</summary>
    public const double Effort = 1;

    /// <summary>Deterministic time of CP-SAT for a longer list, which it may well not finish.</summary>
    public const double EffortForLongLists = 0.3;

    /// <summary>
    /// Types above which a search that branches gets columns that exchange items too: there the relaxation alone takes all the time.
    /// </summary>
    public const int TypesWithExchanges = 5_000;

    /// <summary>
    /// Words of 64 bits times types up to which pairs forced to stand together are looked for: some milliseconds a round, and there are
    /// about as many rounds as pairs.
    /// </summary>
    public const long WordsForForcedPairs = 1 << 20;

    /// <summary>
    /// Patterns for each type up to which the root's are covered by trying. Where nothing may be wasted, items of three to a bin are in
    /// 3 to 12 patterns each.
    /// </summary>
    public const int PatternsPerTypeToCover = 20;

    /// <summary>Nodes of one run that covers by trying, some hundredths of a second: what is found at all is mostly found early.</summary>
    public const int NodesPerCover = 20_000;

    /// <summary>Runs at the root; afterwards as many as dives on pairs, each time the nodes have doubled.</summary>
    public const int CoversAtRoot = 8;

    /// <summary>Noise on what the choices between patterns go by: a type with few patterns left counts about as much.</summary>
    public const double CoverNoise = 0.3;

    /// <summary>Doubt times weight below which a pair is not branched on: what is left is noise of the solver.</summary>
    public const double MinBranchingScore = 1e-4;

    /// <summary>Nodes before the first dives on pairs: what the tree closes at once does without.</summary>
    public const int NodesBeforePairDives = 4;

    /// <summary>
    /// Nodes, beside as many as the search took, for a proof without CP-SAT of what CP-SAT has decided. Where it has, a few mostly do; it
    /// is faster, but leaves nothing to check. With few types, nodes take milliseconds, with 500 seconds.
    /// </summary>
    public static int NodesToProve(int types) => 32 + (1_000_000 / (types * types));

    /// <summary>Nodes decided by CP-SAT that are kept for a proof, each with some hundred patterns: some ten megabytes.</summary>
    public const int MaxNodesOnTrust = 500;

    // Dives

    /// <summary>Range of the random factor on a column's value in dives after the first: 0.5 to 1.5.</summary>
    public const double ColumnDiveNoise = 1;

    /// <summary>Range of the random factor on a pair's score: 0.8 to 1.2, for another dive from the same root.</summary>
    public const double PairDiveNoise = 0.4;

    /// <summary>A dive on pairs takes about this many steps: each merges that part of the pairs still to be merged.</summary>
    public const int PairDiveSteps = 10;

    /// <summary>Bins that a pair must share in the relaxation to be merged, as long as there are such pairs.</summary>
    public const double MinPairShare = 0.3;

    /// <summary>Patterns for each type that go on with a dive on pairs, those in use first: the program stays small.</summary>
    public const int PatternsPerTypeInPairDives = 3;

    // Cutting stock

    /// <summary>Patterns that one round adds for each kind of bin.</summary>
    public const int StockPatternsPerRound = 30;

    /// <summary>
    /// Least and most cost of the column that covers one item without a pattern, in the dearest bin. Where supplies are limited, one item
    /// more may cost as much as many bins; far more than that, and the solver's floats lose what the bins themselves cost.
    /// </summary>
    public const double MinStockCostOutside = 10, MaxStockCostOutside = 10_000;

    /// <summary>Most kinds of bin of which all orders are tried: 24 orders.</summary>
    public const int MaxKindsInAllOrders = 4;

    /// <summary>Most distinct sizes of which all simple plans are made whatever the time limit: some tenths of a second.</summary>
    public const int MaxTypesOfSimplePlans = 1000;

    /// <summary>Orders of the kinds that are tried for the rest of a dive: the last few items seldom need more.</summary>
    public const int StockOrdersToComplete = 4;

    /// <summary>Entries of knapsack tables for bins filled one by one as full as can be: some tenths of a second.</summary>
    public const long StockFillEntries = 1L << 27;

    /// <summary>Dives for one mix of bins before its tree.</summary>
    public const int StockDivesForMix = 4;

    /// <summary>Mixes of bins looked at for one answer, some microseconds each.</summary>
    public const int MaxMixesVisited = 100_000;

    /// <summary>Most patterns that CP-SAT is asked to find the cheapest plan from.</summary>
    public const int MaxStockPatterns = 20_000;

    /// <summary>Nodes of a turn of the trees after which CP-SAT is asked: what dives and small trees close does without it.</summary>
    public const int StockNodesBeforeModel = 16;

    /// <summary>Deterministic time of CP-SAT (about seconds) for a plan from the patterns met.</summary>
    public const double StockEffort = 1;

    /// <summary>Deterministic time of CP-SAT (about seconds) for a plan from all patterns that matter, which may be a proof.</summary>
    public const double StockEffortForAll = 5;

    /// <summary>Most patterns that a plan with fewer different ones is looked for among.</summary>
    public const int MaxPatternsForFewer = 2000;

    /// <summary>Deterministic time of CP-SAT (about seconds) for a plan with fewer different patterns.</summary>
    public const double FewerPatternsEffort = 5;

    // CP-SAT

    /// <summary>Most variables of an assignment model: beyond them the solver gets nowhere and is slow to hear a request to stop.</summary>
    public const long MaxModelVariables = 100_000;

    /// <summary>A random factor around 1.</summary>
    /// <param name="range">Difference of the largest and the smallest factor.</param>
    /// <param name="random">Where chance comes from; <see langword="null"/> for the factor 1.</param>
    public static double Noise(double range, Random? random) => random is null ? 1 : 1 - (range / 2) + (range * random.NextDouble());
}
