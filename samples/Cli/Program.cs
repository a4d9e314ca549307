Console.WriteLine("packingkit");
